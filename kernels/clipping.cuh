/* Limits of a gradient, as all kernels of an update apply them (belay.backend.update.Clip defines them).
 * clip  value first: clamp to +-value (0: no limit); then by norm / |g| if less than 1 (0: no limit)
 * needs blocks of THREADS; partial sums of squares of the clamped gradient [SQUARES] f64 where norm is a limit
 */
#pragma once
#include "block_sum.cuh"
#include "common.cuh"

constexpr int THREADS = 256, SQUARES = 128;

__device__ __forceinline__ float clamp(float g, float value) {
    return value > 0 && g > value ? value : value > 0 && g < -value ? -value : g; // a NaN passes
}

/* min(1, norm / |g|); every block adds the same partial sums in the same order. */
__device__ float shrink(const double *partial, float norm) {
    if (norm <= 0) return 1.f;
    const double sum = block_sum<THREADS>(threadIdx.x < SQUARES ? partial[threadIdx.x] : 0.);
    const float scale = (float)(norm / sqrt(sum));
    return scale < 1 ? scale : 1.f;
}
