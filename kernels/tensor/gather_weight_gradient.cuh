/* gather_weight_gradient_TYPE_TILE: every weight gradient, in parts.
 * sums[part][(i kw + j) ci + c][co] = sum over the part's pixels (n, p, q) of x[n, p s + oy + i, q s + ox + j, c] d[n, p, q, co]
 * x [N,hi,wi,ci] zero outside, d [N,gh,gw,co] -> sums [parts, kh kw ci, co] float; columns is not written (must be null)
 * share, shard, both: which pixels are a part, ../parts.cuh; pixels before `first`, where a shard begins, are left out
 * needs  ci and co multiples of 8; share, the pixels of a block, a multiple of 64 (32-bit types: 32)
 * launch grid (ceil(kh kw ci / BM), ceil(co / BN), ceil(N gh gw / share)), TILE BMxBN, block and shared bytes:
 *          128x128: 128, 98304
 *          64x128:  128, 73728       128x64: 128, 73728       32x128: 128, 73728 (32-bit types: 61440)
 *        sm_70: fp16 only, tile 64x128 only, shared 34816
 * cost   2 N gh gw kh kw ci co flop
 * TYPE is bf16, fp16, tf32 (float rounded to tf32) or tf32x3 (float; three products, accurate as fp32)
 * source weight_gradient.cuh
 * proof  src/bench/cuda/step.cu; the backend contract
 */
#pragma once
#include "weight_gradient.cuh"

constexpr int THREADS = 128, STAGES = 3;

#define GRADIENT_KERNEL(type, E, BM, BN, BYTES)                                                                       \
  SHARED_BYTES(gather_weight_gradient_##type##_##BM##x##BN, BYTES,                                                    \
               (gradient_shared<Columns<E, BM, BN>::Core, STAGES>()))                                                 \
  extern "C" __global__ void __launch_bounds__(THREADS, 2)                                                            \
      gather_weight_gradient_##type##_##BM##x##BN(                                                                    \
          const E::Value* x, const E::Value* d, float* sums, float* columns, int images, int hi, int wi, int ci,      \
          int gh, int gw, int co, int kh, int kw, int s, int oy, int ox, int share, int shard, int both, int first) { \
    static_assert(Columns<E, BM, BN>::Core::THREADS == THREADS, "tile and threads do not match");                     \
    gradient_of_weights<Columns<E, BM, BN>::Core, STAGES>(                                                            \
        sums, x, d, {images, hi, wi, ci, gh, gw, co, kh, kw, s, oy, ox, {share, shard, both}, first});                \
  }

#if __CUDA_ARCH__ < 800 && defined(__CUDA_ARCH__)
#define GATHER_WEIGHT_GRADIENT(type, E) GRADIENT_KERNEL(type, E, 64, 128, 34816)
#else
#define GATHER_WEIGHT_GRADIENT(type, E)     \
  GRADIENT_KERNEL(type, E, 128, 128, 98304) \
  GRADIENT_KERNEL(type, E, 64, 128, 73728)  \
  GRADIENT_KERNEL(type, E, 128, 64, 73728)  \
  GRADIENT_KERNEL(type, E, 32, 128, 73728)
#endif
