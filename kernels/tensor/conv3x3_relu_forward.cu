/* conv3x3_relu_forward: y = max(0, conv3x3(x, w) + b), zero border.
 * x [N,H,W,Ci], w [Co,3,3,Ci] (prepared), b [Co] float -> y [N,H,W,Co]
 * needs  Ci and Co multiples of 8
 * launch grid (ceil(N H W / 64), ceil(Co / 128)), block 128, shared 73728
 * cost   18 N H W Ci Co flop
 * source convolution.cuh
 * proof  bench: harness.cu; ConvContract
 */
#include "epilogues.cuh"
#include "types.cuh"

#define KERNEL(name, E)                                                                                    \
  extern "C" __global__ void __launch_bounds__(128) conv3x3_relu_forward_##name(                           \
      E::Value* y, const E::Value* x, const E::Value* w, const float* bias, int images, int h, int width,  \
      int ci, int co) {                                                                                    \
    BiasRelu<E, 1> epilogue(y, bias, co, h, width, 0, 0);                                                  \
    convolve<Rows<E, 64, 128>::Core, 3, 3, 1, 3>(x, w, {images, h, width, h, width, ci, co, 1, 1}, epilogue); \
  }
BELAY_EACH_TYPE(KERNEL)
