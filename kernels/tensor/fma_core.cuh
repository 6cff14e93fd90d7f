/* Block tiles C[BM,BN] += A B in fp32 by the FMA units; the same shared tiles as mma_core.cuh.
 *
 * A thread owns TM x TN values. FmaRows: rows ty + i BM/TM, columns tx + j BN/TN, four values of K a 16-byte load.
 * FmaColumns: quads of neighbouring rows and columns, one value of K a 16-byte load.
 * Sixteen-byte loads feed 16 FMAs each, so that shared memory keeps up with the FMA units.
 */
#pragma once
#include "element.cuh"
#include "memory.cuh"

template <int BM_, int BN_, int TM, int TN>
struct FmaRows {
  using Element = Fp32;
  static constexpr int BM = BM_, BN = BN_, TY = BM / TM, TX = BN / TN, THREADS = TX * TY;
  static constexpr int LX = TX < 8 ? TX : 8, LY = 32 / LX;  // a warp is LY x LX threads
  float acc[TM][TN];

  __device__ __forceinline__ FmaRows() {
#pragma unroll
    for (int i = 0; i < TM; i++)
#pragma unroll
      for (int j = 0; j < TN; j++) acc[i][j] = 0;
  }
  static __device__ __forceinline__ int tx() {
    return (threadIdx.x / 32) % (TX / LX) * LX + threadIdx.x % LX;
  }
  static __device__ __forceinline__ int ty() {
    return (threadIdx.x / 32) / (TX / LX) * LY + threadIdx.x % 32 / LX;
  }

  template <int STEPS = 4>
  __device__ __forceinline__ void stage(uint32_t a, uint32_t b) {
    uint32_t rows = a + ty() * ROW_BYTES, columns = b + tx() * ROW_BYTES;
    static_assert(TY % 8 == 0 && TX % 8 == 0, "a thread's rows must share their swizzle");
#pragma unroll
    for (int quad = 0; quad < 2 * STEPS; quad++) {
      uint32_t pa = (quad ^ (ty() & 7)) << 4, pb = (quad ^ (tx() & 7)) << 4;
      float4 fa[TM];
#pragma unroll
      for (int i = 0; i < TM; i++) fa[i] = load_quad(rows + i * TY * ROW_BYTES + pa);
#pragma unroll
      for (int j = 0; j < TN; j++) {
        float4 fb = load_quad(columns + j * TX * ROW_BYTES + pb);
#pragma unroll
        for (int i = 0; i < TM; i++) acc[i][j] = fmaf(fa[i].x, fb.x, acc[i][j]);
#pragma unroll
        for (int i = 0; i < TM; i++) acc[i][j] = fmaf(fa[i].y, fb.y, acc[i][j]);
#pragma unroll
        for (int i = 0; i < TM; i++) acc[i][j] = fmaf(fa[i].z, fb.z, acc[i][j]);
#pragma unroll
        for (int i = 0; i < TM; i++) acc[i][j] = fmaf(fa[i].w, fb.w, acc[i][j]);
      }
    }
  }
  __device__ __forceinline__ void begin() {}
  __device__ __forceinline__ void finish() {}

  /* C to shared memory, row-major. */
  __device__ __forceinline__ void spill(float* c, int pitch) const {
#pragma unroll
    for (int i = 0; i < TM; i++)
#pragma unroll
      for (int j = 0; j < TN; j++) c[(ty() + i * TY) * pitch + tx() + j * TX] = acc[i][j];
  }
};

template <int BM_, int BN_, int TM, int TN>
struct FmaColumns {
  using Element = Fp32;
  static constexpr int BM = BM_, BN = BN_, BK = 32, TY = BM / TM, TX = BN / TN, THREADS = TX * TY;
  static constexpr int BLOCK = BK * ROW_BYTES;  // bytes of 32 columns
  static constexpr int LX = TX < 8 ? TX : 8, LY = 32 / LX;
  float acc[TM][TN];

  static __device__ __forceinline__ int place(int, int chunk) { return chunk; }

  __device__ __forceinline__ FmaColumns() {
#pragma unroll
    for (int i = 0; i < TM; i++)
#pragma unroll
      for (int j = 0; j < TN; j++) acc[i][j] = 0;
  }
  static __device__ __forceinline__ int tx() {
    return (threadIdx.x / 32) % (TX / LX) * LX + threadIdx.x % LX;
  }
  static __device__ __forceinline__ int ty() {
    return (threadIdx.x / 32) / (TX / LX) * LY + threadIdx.x % 32 / LX;
  }
  static __device__ __forceinline__ uint32_t quad(int q) { return (q >> 3) * BLOCK + ((q & 7) << 4); }

  __device__ __forceinline__ void stage(uint32_t a, uint32_t b) {
#pragma unroll 8
    for (int k = 0; k < BK; k++) {
      float fa[TM], fb[TN];
#pragma unroll
      for (int i = 0; i < TM / 4; i++)
        *reinterpret_cast<float4*>(&fa[4 * i]) = load_quad(a + k * ROW_BYTES + quad(ty() + i * TY));
#pragma unroll
      for (int j = 0; j < TN / 4; j++)
        *reinterpret_cast<float4*>(&fb[4 * j]) = load_quad(b + k * ROW_BYTES + quad(tx() + j * TX));
#pragma unroll
      for (int i = 0; i < TM; i++)
#pragma unroll
        for (int j = 0; j < TN; j++) acc[i][j] = fmaf(fa[i], fb[j], acc[i][j]);
    }
  }
  __device__ __forceinline__ void begin() {}
  __device__ __forceinline__ void finish() {}

  /* put(row, column, value, value of the next column) */
  template <class Put>
  __device__ __forceinline__ void each(Put put) const {
#pragma unroll
    for (int i = 0; i < TM; i++)
#pragma unroll
      for (int j = 0; j < TN; j += 2)
        put((ty() + i / 4 * TY) * 4 + i % 4, (tx() + j / 4 * TX) * 4 + j % 4, acc[i][j], acc[i][j + 1]);
  }
};
