/* What every kernel file shares. Letters: N images, H rows, W columns, C channels; tensors are NHWC. */
#pragma once

#define KERNEL extern "C" __global__ void

typedef unsigned char byte;

/* max(0, x) that lets a NaN pass, or a diverged run would look healthy. */
__device__ __forceinline__ float relu(float x) { return x <= 0.f ? 0.f : x; }

/* Whether a later value takes the maximum from an earlier one: the first maximum stays, a NaN wins. */
__device__ __forceinline__ bool beats(float later, float earlier) { return later > earlier || later != later; }

/* Threads stride over values 0 .. total - 1. The host keeps tensors under 2^31 values, for 64-bit division is slow. */
#define EACH(at, total)                                                                                              \
    for (unsigned at = blockIdx.x * blockDim.x + threadIdx.x; at < (unsigned)(total); at += gridDim.x * blockDim.x)
