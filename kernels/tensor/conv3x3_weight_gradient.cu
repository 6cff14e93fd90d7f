/* conv3x3_weight_gradient: dw[tap, ci, co] = sum over pixels x[p + tap, ci] dy[p, co], in parts.
 * _narrow: for Co <= 16, the last layer's 16 phase columns.
 * x [N,H,W,Ci], dy [N,H,W,Co] -> parts [P,3,3,Ci,Co] float
 * needs  Ci and Co multiples of 8
 * launch grid (ceil(Ci / 128) ceil(Co / 128), 9, P), block 128 (fp32: 256), shared 98304;
 *        _narrow: grid (ceil(Ci / 128), 9, P), block 128, shared 98304 (fp32, tf32: 81920)
 * cost   18 N H W Ci Co flop
 * source weight_gradient.cuh
 * proof  bench: harness.cu; ConvContract
 */
#include "types.cuh"
#include "weight_gradient.cuh"

#define KERNEL(name, E)                                                                                              \
  extern "C" __global__ void __launch_bounds__(Columns<E, 128, 128>::Core::THREADS, 2)                               \
      conv3x3_weight_gradient_##name(float* parts, const E::Value* x, const E::Value* dy, int images, int h, int w,  \
                                     int ci, int co) {                                                               \
    gradient_of_weights<Columns<E, 128, 128>::Core, 3, false, 3>(parts, x, dy, {images, h, w, ci, co});              \
  }                                                                                                                  \
  extern "C" __global__ void __launch_bounds__(128) conv3x3_weight_gradient_narrow_##name(                           \
      float* parts, const E::Value* x, const E::Value* dy, int images, int h, int w, int ci, int co) {               \
    gradient_of_weights<Columns<E, 128, 16>::Core, 3, false, 4>(parts, x, dy, {images, h, w, ci, co});               \
  }
BELAY_EACH_TYPE(KERNEL)
