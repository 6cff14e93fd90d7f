/* gather_gemm_*_fp32: see gather_gemm.cuh. */
#include "gather_gemm.cuh"
GATHER_GEMM(fp32, Fp32)
