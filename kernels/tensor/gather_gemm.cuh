/* gather_gemm_EPILOGUE_TYPE_TILE: every forward and data-gradient convolution, by tensor cores.
 * y[n, p os + a, q os + b, co] = epilogue(sum over i < kh, j < kw, ci of
 *     x[n, p s + oy + a ps + i, q s + ox + b ps + j, ci] w[z][co][(i kw + j) ci])   x = 0 outside its image
 * for grid pixels (p, q) in [gh, gw] and phase z = 2 a + b = blockIdx.z.
 * plain  + bias                                             bias float [co] or null
 * relu   max(0, + bias)
 * pool   maxpool2x2(max(0, + bias)): y [N,gh/2,gw/2,co]; argmax a byte a value, 2 dy + dx of the first maximum, or null
 * mask   zero where mask [like y] is not positive           columnSums [ceil(N gh gw / 64),co] float or null: sums of y over
 *                                                           64 successive pixels each, the same bits by every tile
 * unpool the same, written to the place in its 2x2 window that argmax names: y [N,2gh,2gw,co]; mask is the pooled activation
 * add    + addend [like y, which it may be] or null, then as mask; mask may be null; where normed [like y] is not null,
 *        columnSums [ceil(N gh gw / 64),2,co]: and those of y (normed - around) beside them, around float [co]
 * moments as plain; columnSums [ceil(N gh gw / 64),2,co]: means of 64 successive pixels and sums of squared deviations from them,
 *        summed around a float for each channel; y as rounded
 * x [N,hi,wi,ci], w [phases,co,kh kw ci] (K contiguous)
 * first  grid pixel that the launch begins with, the first of an image; a multiple of 64 where columns are summed
 * needs  ci and co multiples of 8, at most 32 taps, pool: gh and gw even, moments: N gh gw a multiple of 64
 * launch grid (ceil((N gh gw - first) / BM), ceil(co / BN), phases), TILE BMxBN, block and shared bytes:
 *          128x128: 256 (32-bit types: 128), 98304   64x128: 128, 73728   128x64: 128, 73728   64x64: 128, 49152
 *        sm_70: fp16 only, tile 64x128 only, shared 34816
 * cost   2 N gh gw kh kw ci co flop a phase
 * TYPE is bf16, fp16, tf32 (float rounded to tf32) or tf32x3 (float; three products, accurate as fp32)
 * source convolution.cuh
 * proof  src/bench/cuda/step.cu; the backend contract
 */
#pragma once
#include "epilogues.cuh"

constexpr int STAGES = 3;

template <class E, int BM, int BN, int THREADS, class Epilogue>
__device__ __forceinline__ void gather(const typename E::Value* x, const typename E::Value* w, int images, int hi,
                                       int wi, int ci, int gh, int gw, int co, int kh, int kw, int s, int oy, int ox,
                                       int ps, int first, Epilogue& epilogue) {
  int a = blockIdx.z >> 1, b = blockIdx.z & 1;
  convolve<typename Rows<E, BM, BN, THREADS>::Core, STAGES>(x, w + static_cast<long>(blockIdx.z) * kh * kw * ci * co,
                                              {images, gh, gw, hi, wi, ci, co, kh, kw, s, oy + a * ps, ox + b * ps,
                                               first},
                                              epilogue);
}

#define GATHER_KERNEL(epilogue_name, type, E, BM, BN, BLOCK, BYTES, EPILOGUE)                                          \
  SHARED_BYTES(gather_gemm_##epilogue_name##_##type##_##BM##x##BN, BYTES,                                              \
               (convolution_shared<Rows<E, BM, BN, BLOCK>::Core, STAGES>()))                                           \
  extern "C" __global__ void __launch_bounds__(BLOCK, 2)                                                               \
      gather_gemm_##epilogue_name##_##type##_##BM##x##BN(                                                              \
          const E::Value* x, const E::Value* w, const float* bias, const E::Value* mask, const E::Value* addend,       \
          E::Value* y, unsigned char* argmax, int images, int hi, int wi, int ci, int gh, int gw, int co, int kh,      \
          int kw, int s, int oy, int ox, int ps, int os, int first, float* columnSums, const E::Value* normed,         \
          const float* around) {                                                                                       \
    static_assert(Rows<E, BM, BN, BLOCK>::Core::THREADS == BLOCK, "tile and threads do not match");                    \
    EPILOGUE;                                                                                                          \
    gather<E, BM, BN, BLOCK>(x, w, images, hi, wi, ci, gh, gw, co, kh, kw, s, oy, ox, ps, first, epilogue);            \
  }

#define GATHER_TILE(type, E, BM, BN, BLOCK, BYTES)                                                                     \
  GATHER_KERNEL(plain, type, E, BM, BN, BLOCK, BYTES,                                                                  \
                Bias<E COMMA false> epilogue(y, bias, co, gh, gw, os, blockIdx.z >> 1, blockIdx.z & 1))                \
  GATHER_KERNEL(relu, type, E, BM, BN, BLOCK, BYTES,                                                                   \
                Bias<E COMMA true> epilogue(y, bias, co, gh, gw, os, blockIdx.z >> 1, blockIdx.z & 1))                 \
  GATHER_KERNEL(pool, type, E, BM, BN, BLOCK, BYTES, BiasReluPool<E> epilogue(y, argmax, bias, co))                    \
  GATHER_KERNEL(mask, type, E, BM, BN, BLOCK, BYTES, ReluMask<E> epilogue(y, mask, columnSums, co))                    \
  GATHER_KERNEL(unpool, type, E, BM, BN, BLOCK, BYTES, ReluPoolMask<E> epilogue(y, mask, argmax, columnSums, co, gh, gw)) \
  GATHER_KERNEL(add, type, E, BM, BN, BLOCK, BYTES,                                                                    \
                Join<E> epilogue(y, addend, mask, normed, around, columnSums, co, gh, gw, os, blockIdx.z >> 1,         \
                                 blockIdx.z & 1))                                                                      \
  GATHER_KERNEL(moments, type, E, BM, BN, BLOCK, BYTES, Moments<E> epilogue(y, bias, around, columnSums, co))
#define COMMA ,

#if __CUDA_ARCH__ < 800 && defined(__CUDA_ARCH__)
#define GATHER_GEMM(type, E, LARGE) GATHER_TILE(type, E, 64, 128, 128, 34816)
#else
#define GATHER_GEMM(type, E, LARGE)                                                                                    \
  GATHER_TILE(type, E, 128, 128, LARGE, 98304)                                                                         \
  GATHER_TILE(type, E, 64, 128, 128, 73728)                                                                            \
  GATHER_TILE(type, E, 128, 64, 128, 73728)                                                                            \
  GATHER_TILE(type, E, 64, 64, 128, 49152)
#endif
