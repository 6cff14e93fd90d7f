/* gather_weight_gradient_bf16: see gather_weight_gradient.cuh. */
#include "gather_weight_gradient.cuh"
GATHER_WEIGHT_GRADIENT(bf16, Bf16)
