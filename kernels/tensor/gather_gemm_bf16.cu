/* gather_gemm_*_bf16: see gather_gemm.cuh. */
#include "gather_gemm.cuh"
GATHER_GEMM(bf16, Bf16, 256)
