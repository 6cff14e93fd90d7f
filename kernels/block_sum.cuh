/* Sum over a block of THREADS threads, a power of two, in the same order every time; every thread gets it. A second one
 * in the same kernel wants a barrier before it. */
#pragma once

template <int THREADS> __device__ double block_sum(double v) {
    __shared__ double part[THREADS];
    part[threadIdx.x] = v;
    __syncthreads();
    for (int half = THREADS / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) part[threadIdx.x] += part[threadIdx.x + half];
        __syncthreads();
    }
    return part[0];
}
