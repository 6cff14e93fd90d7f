/* The element types a tier has: fp32 everywhere, the others by tensor cores. */
#pragma once
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
#define BELAY_EACH_TYPE(KERNEL) KERNEL(fp32, Fp32) KERNEL(tf32, Tf32) KERNEL(bf16, Bf16) KERNEL(fp16, Fp16)
#else
#define BELAY_EACH_TYPE(KERNEL) KERNEL(fp32, Fp32)
#endif
