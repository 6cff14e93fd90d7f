/* The number formats of activations; a kernel file repeats its entries for each that the tier has. */
#pragma once
#include "common.cuh"
#if __CUDA_ARCH__ >= 700
#include <cuda_fp16.h>
#endif
#if __CUDA_ARCH__ >= 800
#include <cuda_bf16.h>
#endif

__device__ __forceinline__ float get(float x) { return x; }
template <typename T> __device__ __forceinline__ T as(float x);
template <> __device__ __forceinline__ float as<float>(float x) { return x; }

#if __CUDA_ARCH__ >= 700
__device__ __forceinline__ float get(__half x) { return __half2float(x); }
template <> __device__ __forceinline__ __half as<__half>(float x) { return __float2half_rn(x); }
#define FP16_ENTRIES(ENTRY) ENTRY(fp16, __half)
#else
#define FP16_ENTRIES(ENTRY)
#endif

#if __CUDA_ARCH__ >= 800
__device__ __forceinline__ float get(__nv_bfloat16 x) { return __bfloat162float(x); }
template <> __device__ __forceinline__ __nv_bfloat16 as<__nv_bfloat16>(float x) { return __float2bfloat16_rn(x); }

/* fp32 rounded to 10 bits of mantissa, so that the matrix unit has nothing to cut off. */
struct tf32 {
    float value;
};
__device__ __forceinline__ float get(tf32 x) { return x.value; }
template <> __device__ __forceinline__ tf32 as<tf32>(float x) {
    unsigned bits;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(x));
    return {__uint_as_float(bits)};
}
#define BF16_ENTRIES(ENTRY) ENTRY(bf16, __nv_bfloat16) ENTRY(tf32, tf32)
#else
#define BF16_ENTRIES(ENTRY)
#endif

#define FOR_EACH_TYPE(ENTRY) ENTRY(f32, float) FP16_ENTRIES(ENTRY) BF16_ENTRIES(ENTRY)
