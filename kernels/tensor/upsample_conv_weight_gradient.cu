/* upsample_conv_weight_gradient: gradient of the 16 effective taps of conv3x3(upsample2(x)), in parts:
 * dw[u, v, ci, co] = sum over small pixels x[y, x, ci] dy[2y - 1 + u, 2x - 1 + v, co]. reduce.cu folds 16 taps to 9.
 * x [N,H,W,Ci], dy [N,2H,2W,Co] -> parts [P,4,4,Ci,Co] float
 * needs  Ci and Co multiples of 8
 * launch grid (ceil(Ci / 128) ceil(Co / 128), 16, P), block 128 (fp32: 256), shared 98304
 * cost   32 N H W Ci Co flop
 * source weight_gradient.cuh
 * proof  bench: harness.cu; ConvContract
 */
#include "types.cuh"
#include "weight_gradient.cuh"

#define KERNEL(name, E)                                                                                                 \
  extern "C" __global__ void __launch_bounds__(Columns<E, 128, 128>::Core::THREADS, 2)                                  \
      upsample_conv_weight_gradient_##name(float* parts, const E::Value* x, const E::Value* dy, int images, int h,      \
                                           int w, int ci, int co) {                                                     \
    gradient_of_weights<Columns<E, 128, 128>::Core, 4, true, 3>(parts, x, dy, {images, h, w, ci, co});                  \
  }
BELAY_EACH_TYPE(KERNEL)
