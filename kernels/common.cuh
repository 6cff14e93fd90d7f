/* What every kernel file shares. Letters: N images, H rows, W columns, C channels; tensors are NHWC. */
#pragma once

#define KERNEL extern "C" __global__ void

typedef unsigned char byte;

/* max(0, x) that lets a NaN pass, or a diverged run would look healthy. */
__device__ __forceinline__ float relu(float x) { return x <= 0.f ? 0.f : x; }

/* Whether a later value takes the maximum from an earlier one: the first maximum stays, a NaN wins. */
__device__ __forceinline__ bool beats(float later, float earlier) { return later > earlier || later != later; }

/* Index of this thread in a one-dimensional grid that may be shorter than the work. */
__device__ __forceinline__ long long first_index() { return (long long)blockIdx.x * blockDim.x + threadIdx.x; }
__device__ __forceinline__ long long index_stride() { return (long long)gridDim.x * blockDim.x; }
