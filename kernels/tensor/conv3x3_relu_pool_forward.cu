/* conv3x3_relu_pool_forward: y = maxpool2x2(max(0, conv3x3(x, w) + b)), zero border.
 * x [N,H,W,Ci], w [Co,3,3,Ci] (prepared), b [Co] float -> y [N,H/2,W/2,Co], argmax 2 bits a value (null: not wanted)
 * needs  Ci and Co multiples of 8, H and W even
 * launch grid (ceil(N H W / 128), ceil(Co / 128)), block 128 (fp32: 256), shared 98304
 * cost   18 N H W Ci Co flop; writes a quarter of the unfused form
 * source convolution.cuh
 * proof  bench: harness.cu; ConvContract
 */
#include "epilogues.cuh"
#include "types.cuh"

#define KERNEL(name, E)                                                                                      \
  extern "C" __global__ void __launch_bounds__(Rows<E, 128, 128>::Core::THREADS, 2)                          \
      conv3x3_relu_pool_forward_##name(E::Value* y, uint16_t* argmax, const E::Value* x, const E::Value* w,  \
                                       const float* bias, int images, int h, int width, int ci, int co) {    \
    BiasReluPool<E> epilogue(y, argmax, bias, co);                                                           \
    convolve<Rows<E, 128, 128>::Core, 3, 3, 1, 3>(x, w, {images, h, width, h, width, ci, co, 1, 1}, epilogue); \
  }
BELAY_EACH_TYPE(KERNEL)
