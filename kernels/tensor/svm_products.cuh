/* svm_values_TYPE: blocks of kernel values by tensor cores; svm_norms_TYPE: squared lengths [rows] of samples [rows, depth].
 * values in ../svm_values.cuh; samples [.., depth] f32 (tf32: rounded to 10 bits of mantissa), depth a multiple of 32
 * launch grid tiles, or ceil(rows / 128) for norms; block 128, shared 98304
 * cost   2 rows columns depth flop, half of it for a triangle
 * TYPE is tf32 or tf32x3 (three products for each, accurate as fp32)
 * proof  the SVM contract, belay doctor
 */
#pragma once
#include "cores.cuh"
#include "svm_values.cuh"

constexpr int THREADS = 128, STAGES = 3, SIDE = VALUE_TILE * ROW_BYTES, STAGE = 2 * SIDE;
static_assert(ROW_BYTES == 4 * ALIGNMENT, "a step multiplies a row of a tile");

/* 128 x 128 dot products, handed to put(row, column, dot); a ring of shared tiles filled by asynchronous copies. */
template <class E, class Put>
__device__ __forceinline__ void product(const float* left, int rows, const float* right, int columns, int depth,
                                        ValueTile tile, const Put& put) {
  using Core = typename Rows<E, VALUE_TILE, VALUE_TILE>::Core;
  static_assert(Core::THREADS == THREADS, "tile and threads do not match");
  constexpr int STEP = THREADS / 8, COPIES = VALUE_TILE / STEP;
  extern __shared__ __align__(1024) char shared[];
  const uint32_t ring = shared_address(shared);
  const int chunk = threadIdx.x % 8, row = threadIdx.x / 8;
  const uint32_t place = row * ROW_BYTES + (Core::place(row, chunk) << 4);
  const float* a = left + static_cast<size_t>(tile.row + row) * depth + 4 * chunk;
  const float* b = right + static_cast<size_t>(tile.column + row) * depth + 4 * chunk;
  const size_t skip = static_cast<size_t>(STEP) * depth;

  auto load = [&](int slot, int k) {
    const uint32_t to = ring + slot * STAGE + place;
#pragma unroll
    for (int i = 0; i < COPIES; i++) {
      bool ok = tile.row + row + i * STEP < rows;
      stream16(to + i * STEP * ROW_BYTES, ok ? a + i * skip + k : left, ok);
    }
#pragma unroll
    for (int i = 0; i < COPIES; i++) {
      bool ok = tile.column + row + i * STEP < columns;
      stream16(to + SIDE + i * STEP * ROW_BYTES, ok ? b + i * skip + k : right, ok);
    }
  };

  Core core;
  const int steps = depth / ALIGNMENT;
#pragma unroll
  for (int i = 0; i < STAGES - 1; i++) {
    if (i < steps) load(i, ALIGNMENT * i);
    copies_commit();
  }
  int slot = 0, next = STAGES - 1;
  for (int step = 0; step < steps; step++) {
    copies_wait<STAGES - 2>();
    core.begin();
    __syncthreads();
    core.stage(ring + slot * STAGE, ring + slot * STAGE + SIDE);
    if (step + STAGES - 1 < steps) load(next, ALIGNMENT * (step + STAGES - 1));
    copies_commit();
    core.finish();
    slot = slot + 1 == STAGES ? 0 : slot + 1;
    next = next + 1 == STAGES ? 0 : next + 1;
  }
  copies_wait<0>();
  core.each([&](int r, int c, float v, float w) {
    put(tile.row + r, tile.column + c, v);
    put(tile.row + r, tile.column + c + 1, w);
  });
}

#define SVM_VALUES(type, E)                                                                                            \
  SHARED_BYTES(svm_values_##type, 98304, STAGES * STAGE)                                                               \
  SHARED_BYTES(svm_norms_##type, 98304, STAGES * STAGE)                                                                \
  extern "C" __global__ void __launch_bounds__(THREADS, 2) svm_values_##type(                                          \
      const ValueBlock* blocks, int count, int first, int depth, float gamma) {                                        \
    const ValueBlock block = find_block(blocks, count, first + blockIdx.x);                                            \
    product<E>(block.left, block.rows, block.right, block.columns, depth, find_tile(block, first + blockIdx.x),        \
               PutValue{block, gamma});                                                                                \
  }                                                                                                                    \
  extern "C" __global__ void __launch_bounds__(THREADS, 2)                                                             \
      svm_norms_##type(const float* samples, int rows, int depth, float* norms) {                                      \
    const int at = blockIdx.x * VALUE_TILE;                                                                            \
    product<E>(samples, rows, samples, rows, depth, {at, at}, PutNorm{norms, rows});                                   \
  }
