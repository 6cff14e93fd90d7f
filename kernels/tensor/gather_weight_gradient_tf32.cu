/* gather_weight_gradient_tf32: see gather_weight_gradient.cuh. */
#include "gather_weight_gradient.cuh"
GATHER_WEIGHT_GRADIENT(tf32, Tf32)
