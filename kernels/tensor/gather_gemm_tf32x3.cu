/* gather_gemm_*_tf32x3: see gather_gemm.cuh. */
#include "gather_gemm.cuh"
GATHER_GEMM(tf32x3, Tf32x3, 128)
