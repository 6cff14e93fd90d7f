/* gather_weight_gradient_tf32x3: see gather_weight_gradient.cuh. */
#include "gather_weight_gradient.cuh"
GATHER_WEIGHT_GRADIENT(tf32x3, Tf32x3)
