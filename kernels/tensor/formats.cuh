/* The number formats of a tier's tensor cores. */
#pragma once
#include "element.cuh"
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
#define BELAY_EACH_TYPE(KERNEL) KERNEL(tf32x3, Tf32x3) KERNEL(tf32, Tf32) KERNEL(bf16, Bf16) KERNEL(fp16, Fp16)
#else
#define BELAY_EACH_TYPE(KERNEL) KERNEL(fp16, Fp16)
#endif
