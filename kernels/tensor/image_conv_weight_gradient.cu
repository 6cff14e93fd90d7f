/* image_conv_weight_gradient: weight gradient of the first layer from the image bytes and the pooled gradient, in parts.
 * A value of dp belongs to one of the four pixels of its window, which argmax names; the other three are zeros that exist
 * in shared memory only.
 * images [count,C,H,W] bytes, C <= 3; rows [N]; dp [N,H/2,W/2,Co] already zero where the activation was not positive, argmax
 *   -> parts [parts,32,Co] float, row k = (3 i + j) C + c, rows from 9 C on zero
 * A block takes `share` successive tiles of 16 windows, ceil(W / 32) H / 2 an image, and begins another part where a shard begins,
 * every `shard` tiles (../parts.cuh); tiles before `first`, where a shard begins, are left out.
 * needs  Co a multiple of 8, H and W even
 * launch grid (ceil(tiles of N images / share), best two a multiprocessor; ceil(Co / 256)), block 128, shared 43008 (32-bit types: 75776)
 * cost   64 N H W Co flop executed
 * proof  src/bench/cuda/step.cu; the backend contract
 */
#include "formats.cuh"
#include "patch.cuh"
#include "weight_gradient.cuh"

constexpr int THREADS = 128, COLUMNS = 256, EIGHTS = COLUMNS / 8;  // chunks of 8 columns that a block takes

template <class E>
using ImageCore = MmaColumns<E, PATCH, COLUMNS, 1, 4>;

/* A tile of patches and one of gradients, and the strip. */
template <class E>
__host__ __device__ constexpr int image_gradient_shared() {
  using Core = ImageCore<E>;
  return TILE_PIXELS / Core::BK * (Core::BLOCK + columns_bytes<Core, Core::BN>()) + STRIP * 4;
}

template <class E>
__device__ __forceinline__ void image_gradient(float* parts, const unsigned char* images, const int* rows,
                                               const typename E::Value* dp, const unsigned char* argmax, int count, int h,
                                               int w, int channels, int n, Cuts cuts, int begin) {
  using Core = ImageCore<E>;
  constexpr int WORDS = E::BYTES / 2;  // 16-byte words of 8 columns
  constexpr int SLABS = TILE_PIXELS / Core::BK, A = Core::BLOCK, B = columns_bytes<Core, Core::BN>();
  constexpr int EACH = TILE_WINDOWS * EIGHTS / THREADS;
  extern __shared__ __align__(1024) char shared[];
  uint32_t a = shared_address(shared), b = a + SLABS * A;
  float* strip = reinterpret_cast<float*>(shared + SLABS * (A + B));
  int n0 = blockIdx.y * COLUMNS, eighth = threadIdx.x % EIGHTS, window0 = threadIdx.x / EIGHTS, column = n0 + eighth * 8;
  WindowTiles tiles(h / 2, w / 2);
  int from = max(begin, static_cast<int>(blockIdx.x) * cuts.share);
  int to = min(count * tiles.h * tiles.across, (static_cast<int>(blockIdx.x) + 1) * cuts.share);
  if (from >= to) return;

  Strip next;
  uint4 values[EACH][WORDS];
  uint2 codes[EACH];
  auto fetch = [&](int tile) {
    Pixel first = tiles.at(tile);
    next.fetch(images, rows, first, h, w, channels);
    long pixel = (static_cast<long>(first.image) * tiles.h + first.y) * tiles.w + first.x;
#pragma unroll
    for (int i = 0; i < EACH; i++) {
      int window = window0 + i * (TILE_WINDOWS / EACH);
      bool ok = column < n && first.x + window < tiles.w;
      long at = (pixel + window) * n + column;
#pragma unroll
      for (int q = 0; q < WORDS; q++)
        values[i][q] = ok ? reinterpret_cast<const uint4*>(dp + at)[q] : make_uint4(0, 0, 0, 0);
      codes[i] = ok ? *reinterpret_cast<const uint2*>(argmax + at) : make_uint2(0, 0);
    }
  };

  Core core;
  fetch(from);
  for (int tile = from; tile < to; tile++) {
    next.put(strip, channels);
#pragma unroll
    for (int i = 0; i < EACH; i++) {
      int window = window0 + i * (TILE_WINDOWS / EACH);
#pragma unroll
      for (int at = 0; at < 4; at++) {
        int row = window / 8 * 32 + at * 8 + window % 8, k = row % Core::BK;  // the order of the patches
#pragma unroll
        for (int q = 0; q < WORDS; q++) {
          int chunk = eighth * WORDS + q;
          uint32_t word[4] = {values[i][q].x, values[i][q].y, values[i][q].z, values[i][q].w};
#pragma unroll
          for (int e = 0; e < 4; e++) {
            if constexpr (E::BYTES == 2) {
              uint32_t pair = (e < 2 ? codes[i].x : codes[i].y) >> (16 * (e & 1));
              word[e] &= ((pair & 255) == at ? 0xFFFFu : 0) | ((pair >> 8 & 255) == at ? 0xFFFF0000u : 0);
            } else {
              word[e] = ((q ? codes[i].y : codes[i].x) >> (8 * e) & 255) == at ? word[e] : 0;
            }
          }
          store16(b + row / Core::BK * B + (chunk / 8) * Core::BLOCK + k * ROW_BYTES + (Core::place(k, chunk % 8) << 4),
                  make_uint4(word[0], word[1], word[2], word[3]));
        }
      }
    }
    __syncthreads();
    patches<E>(strip, channels, [&](int row, int chunk, uint4 v) {
      int k = row % Core::BK;
      store16(a + row / Core::BK * A + k * ROW_BYTES + (Core::place(k, chunk) << 4), v);
    });
    __syncthreads();
    if (tile + 1 < to) fetch(tile + 1);
#pragma unroll
    for (int slab = 0; slab < SLABS; slab++) core.stage(a + slab * A, b + slab * B);
    __syncthreads();
    if (tile + 1 == cuts.end(tile, to)) {  // divides, for the registers are full
      store_part(core, parts + static_cast<long>(cuts.part(tile)) * PATCH * n, 0, n0, PATCH, n);
      core.clear();
    }
  }
}

#define KERNEL(name, E)                                                                                            \
  SHARED_BYTES(image_conv_weight_gradient_##name, (E::BYTES == 2 ? 43008 : 75776), image_gradient_shared<E>())     \
  extern "C" __global__ void __launch_bounds__(THREADS, E::BYTES == 2 ? 3 : 2) image_conv_weight_gradient_##name(  \
      float* parts, const unsigned char* images, const int* rows, const E::Value* dp, const unsigned char* argmax, \
      int count, int h, int w, int channels, int co, int share, int shard, int both, int first) {                  \
    image_gradient<E>(parts, images, rows, dp, argmax, count, h, w, channels, co, {share, shard, both}, first);    \
  }
BELAY_EACH_TYPE(KERNEL)
