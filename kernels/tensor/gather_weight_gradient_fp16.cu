/* gather_weight_gradient_fp16: see gather_weight_gradient.cuh. */
#include "gather_weight_gradient.cuh"
GATHER_WEIGHT_GRADIENT(fp16, Fp16)
