/* image_conv_weight_gradient: weight gradient of the first layer, straight from the pooled gradient, in parts.
 * A value of dp belongs to one of the four pixels of its window, which argmax names; the other three are zeros that exist
 * in shared memory only.
 * x [N,H,W,4] float, C <= 3 channels used; dp [N,H/2,W/2,Co] already zero where the activation was not positive, argmax
 *   -> parts [P,32,Co] float, row k = tap C + c, rows from 9 C on zero
 * needs  Co a multiple of 8, H and W even
 * launch grid (ceil(Co / 128), 1, P), block 128, shared 24576 (fp32, tf32: 20480)
 * cost   64 N H W Co flop executed
 * source weight_gradient.cuh
 * proof  bench: harness.cu; ConvContract
 */
#include "patch.cuh"
#include "formats.cuh"
#include "weight_gradient.cuh"

template <class E>
__device__ __forceinline__ void image_gradient(float* parts, const float* x, const typename E::Value* dp,
                                               const unsigned char* argmax, int images, int h, int w, int channels, int n) {
  using Core = typename Columns<E, PATCH, 128>::Core;
  constexpr int CH = 16 / E::BYTES, CHUNKS = PATCH / CH, WINDOWS = Core::BK / 4, EIGHTS = Core::BN / 8;
  extern __shared__ __align__(1024) char shared[];
  uint32_t a = shared_address(shared), b = a + columns_bytes<Core, PATCH>();
  PixelGrid grid(h / 2, w / 2);
  int windows = images * (h / 2) * (w / 2), n0 = blockIdx.x * Core::BN;
  long all = (windows + WINDOWS - 1) / WINDOWS;
  int first = all * blockIdx.z / gridDim.z, last = all * (blockIdx.z + 1) / gridDim.z;

  Core core;
  for (int block = first; block < last; block++) {
    __syncthreads();
    for (int i = threadIdx.x; i < Core::BK * CHUNKS; i += Core::THREADS) {
      int k = i / CHUNKS, chunk = i % CHUNKS, window = block * WINDOWS + k / 4;
      Pixel p = grid.at(window);
      p = {p.image, 2 * p.y + ((k >> 1) & 1), 2 * p.x + (k & 1)};
      uint4 v = window < windows ? patch_chunk<E>(x, p, h, w, channels, chunk * CH) : make_uint4(0, 0, 0, 0);
      store16(a + k * ROW_BYTES + (Core::place(k, chunk) << 4), v);
    }
#pragma unroll
    for (int i = threadIdx.x; i < WINDOWS * EIGHTS; i += Core::THREADS) {
      int local = i / EIGHTS, eighth = i % EIGHTS, column = n0 + eighth * 8;
      long window = block * WINDOWS + local;
      float v[8] = {};
      uint2 codes = {};
      if (window < windows && column < n) {
        load8<E>(v, dp + window * n + column);
        codes = *reinterpret_cast<const uint2*>(argmax + window * n + column);
      }
#pragma unroll
      for (int at = 0; at < 4; at++) {
        int k = 4 * local + at, chunk = eighth * (8 / CH);
        float part[8];
#pragma unroll
        for (int q = 0; q < 8; q++) part[q] = ((q < 4 ? codes.x : codes.y) >> (8 * (q & 3)) & 255) == at ? v[q] : 0;
        uint32_t row = b + (chunk / 8) * Core::BLOCK + k * ROW_BYTES;
        if constexpr (E::BYTES == 2) {
          store16(row + (Core::place(k, chunk % 8) << 4), make_uint4(E::pack(part[0], part[1]), E::pack(part[2], part[3]),
                                                                     E::pack(part[4], part[5]), E::pack(part[6], part[7])));
        } else {
#pragma unroll
          for (int half = 0; half < 2; half++)
            store16(row + (Core::place(k, chunk % 8 + half) << 4),
                    make_uint4(__float_as_uint(part[4 * half]), __float_as_uint(part[4 * half + 1]),
                               __float_as_uint(part[4 * half + 2]), __float_as_uint(part[4 * half + 3])));
        }
      }
    }
    __syncthreads();
    core.stage(a, b);
  }
  store_part(core, parts + static_cast<long>(blockIdx.z) * PATCH * n, 0, n0, PATCH, n);
}

#define KERNEL(name, E)                                                                                           \
  extern "C" __global__ void __launch_bounds__(128) image_conv_weight_gradient_##name(                            \
      float* parts, const float* x, const E::Value* dp, const unsigned char* argmax, int images, int h, int w,         \
      int channels, int co) {                                                                                     \
    image_gradient<E>(parts, x, dp, argmax, images, h, w, channels, co);                                          \
  }
BELAY_EACH_TYPE(KERNEL)
