/* conv3x3_input_gradient_relu: dx = conv3x3(dy, flipped w), zero where the activation x was not positive.
 * conv3x3_input_gradient_pool: the same through a 2x2 max-pool: x is the pooled activation, dx belongs to the image before it.
 * dy [N,H,W,Co], w [Ci,3,3,Co] (prepared: taps flipped), x [N,H,W,Ci]
 *   -> dx [N,H,W,Ci], or [N,2H,2W,Ci] with zeros off the maxima; columnSums [gridDim.x,Ci]: the bias gradient below, in parts
 * needs  Ci and Co multiples of 8
 * launch _relu: grid (ceil(N H W / 128), ceil(Ci / 128)), block 128 (fp32: 256), shared 98304;
 *        _pool: grid (ceil(N H W / 64), ceil(Ci / 128)), block 128, shared 73728
 * cost   18 N H W Ci Co flop
 * source convolution.cuh
 * proof  bench: harness.cu; ConvContract
 */
#include "epilogues.cuh"
#include "types.cuh"

#define KERNEL(name, E)                                                                                           \
  extern "C" __global__ void __launch_bounds__(Rows<E, 128, 128>::Core::THREADS, 2)                               \
      conv3x3_input_gradient_relu_##name(E::Value* dx, float* columnSums, const E::Value* dy, const E::Value* w,  \
                                         const E::Value* x, int images, int h, int width, int ci, int co) {       \
    ReluMask<E> epilogue{dx, x, columnSums, ci};                                                                  \
    convolve<Rows<E, 128, 128>::Core, 3, 3, 1, 3>(dy, w, {images, h, width, h, width, co, ci, 1, 1}, epilogue);   \
  }                                                                                                               \
  extern "C" __global__ void __launch_bounds__(128) conv3x3_input_gradient_pool_##name(                           \
      E::Value* dx, float* columnSums, const E::Value* dy, const E::Value* w, const E::Value* x,                  \
      const uint16_t* argmax, int images, int h, int width, int ci, int co) {                                     \
    ReluPoolMask<E> epilogue(dx, x, argmax, columnSums, ci, h, width);                                            \
    convolve<Rows<E, 64, 128>::Core, 3, 3, 1, 3>(dy, w, {images, h, width, h, width, co, ci, 1, 1}, epilogue);    \
  }
BELAY_EACH_TYPE(KERNEL)
