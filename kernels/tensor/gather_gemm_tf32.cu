/* gather_gemm_*_tf32: see gather_gemm.cuh. */
#include "gather_gemm.cuh"
GATHER_GEMM(tf32, Tf32, 128)
