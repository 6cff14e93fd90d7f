/* gather_gemm_*_fp16: see gather_gemm.cuh. */
#include "gather_gemm.cuh"
GATHER_GEMM(fp16, Fp16, 256)
