/* gather_weight_gradient_fp32: see gather_weight_gradient.cuh. */
#include "gather_weight_gradient.cuh"
GATHER_WEIGHT_GRADIENT(fp32, Fp32)
