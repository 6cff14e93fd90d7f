/* upsample_conv_input_gradient: gradient of conv3x3(upsample2(x), w) for x, zero where the activation x was not positive.
 * Small pixel (y, x) fed the large pixels (2y - 1 + u, 2x - 1 + v), u and v in 0..3: a 4x4 convolution of stride 2.
 * dy [N,2H,2W,Co], w [Ci,4,4,Co] (prepared: sums of taps), x [N,H,W,Ci] -> dx [N,H,W,Ci], columnSums [gridDim.x,Ci]
 * needs  Ci and Co multiples of 8
 * launch grid (ceil(N H W / 64), ceil(Ci / 128)), block 128, shared 73728
 * cost   32 N H W Ci Co flop
 * source convolution.cuh
 * proof  bench: harness.cu; ConvContract
 */
#include "epilogues.cuh"
#include "types.cuh"

#define KERNEL(name, E)                                                                                             \
  extern "C" __global__ void __launch_bounds__(128) upsample_conv_input_gradient_##name(                            \
      E::Value* dx, float* columnSums, const E::Value* dy, const E::Value* w, const E::Value* x, int images, int h, \
      int width, int ci, int co) {                                                                                  \
    ReluMask<E> epilogue{dx, x, columnSums, ci};                                                                    \
    convolve<Rows<E, 64, 128>::Core, 4, 4, 2, 3>(dy, w, {images, h, width, 2 * h, 2 * width, co, ci, 1, 1}, epilogue); \
  }
BELAY_EACH_TYPE(KERNEL)
