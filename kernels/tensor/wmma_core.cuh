/* Block tiles C[BM,BN] += A B by the first tensor cores (sm_70, fp16): the wmma API, 16 x 16 x 16 a step.
 *
 * The shared tiles are those of mma_core.cuh, but unturned in rows of 144 bytes: wmma reads plain matrices only, and 16 bytes
 * of padding a row keep its reads free of bank conflicts. No asynchronous copies there: one tile, the next one in registers.
 */
#pragma once
#include <mma.h>
#include "element.cuh"
#include "memory.cuh"

template <int BM_, int BN_, bool ROWS>
struct Wmma {
  using Element = Fp16;
  using ALayout = typename std::conditional<ROWS, nvcuda::wmma::row_major, nvcuda::wmma::col_major>::type;
  using BLayout = typename std::conditional<ROWS, nvcuda::wmma::col_major, nvcuda::wmma::row_major>::type;
  static constexpr int BM = BM_, BN = BN_, BK = 64, THREADS = 128, PITCH = 144, BLOCK = BK * PITCH;
  static constexpr int MI = BM / 32, NI = BN / 32, LD = PITCH / 2;
  nvcuda::wmma::fragment<nvcuda::wmma::accumulator, 16, 16, 16, float> acc[MI][NI];

  __device__ __forceinline__ Wmma() { clear(); }
  __device__ __forceinline__ void clear() {
#pragma unroll
    for (int i = 0; i < MI; i++)
#pragma unroll
      for (int j = 0; j < NI; j++) nvcuda::wmma::fill_fragment(acc[i][j], 0.0f);
  }
  static __device__ __forceinline__ int place(int, int chunk) { return chunk; }
  static __device__ __forceinline__ int row0() { return threadIdx.x / 64 * (BM / 2); }
  static __device__ __forceinline__ int column0() { return threadIdx.x / 32 % 2 * (BN / 2); }

  /* Where tile (row or column `at`, step of K) begins: K contiguous, or blocks of 64 rows or columns with K outermost. */
  static __device__ __forceinline__ const __half* tile(const char* base, int at, int step) {
    return reinterpret_cast<const __half*>(ROWS ? base + at * PITCH + step * 32
                                                : base + at / 64 * BLOCK + step * 16 * PITCH + at % 64 * 2);
  }
  __device__ __forceinline__ void stage(const char* a, const char* b) {
    using namespace nvcuda::wmma;
#pragma unroll
    for (int step = 0; step < BK / 16; step++) {
      fragment<matrix_a, 16, 16, 16, __half, ALayout> fa[MI];
#pragma unroll
      for (int i = 0; i < MI; i++) load_matrix_sync(fa[i], tile(a, row0() + 16 * i, step), LD);
#pragma unroll
      for (int j = 0; j < NI; j++) {
        fragment<matrix_b, 16, 16, 16, __half, BLayout> fb;
        load_matrix_sync(fb, tile(b, column0() + 16 * j, step), LD);
#pragma unroll
        for (int i = 0; i < MI; i++) mma_sync(acc[i][j], fa[i], fb, acc[i][j]);
      }
    }
  }
  __device__ __forceinline__ void spill(float* c, int pitch) const {
#pragma unroll
    for (int i = 0; i < MI; i++)
#pragma unroll
      for (int j = 0; j < NI; j++)
        nvcuda::wmma::store_matrix_sync(c + (row0() + 16 * i) * pitch + column0() + 16 * j, acc[i][j], pitch,
                                        nvcuda::wmma::mem_row_major);
  }
};
