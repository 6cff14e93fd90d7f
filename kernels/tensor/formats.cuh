/* The number formats of the tensor cores of compute capability 8.0 and later. */
#pragma once
#include "element.cuh"
#define BELAY_EACH_TYPE(KERNEL) KERNEL(tf32x3, Tf32x3) KERNEL(tf32, Tf32) KERNEL(bf16, Bf16) KERNEL(fp16, Fp16)
