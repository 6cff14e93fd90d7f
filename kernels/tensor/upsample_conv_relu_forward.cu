/* upsample_conv_relu_forward: y = max(0, conv3x3(upsample2(x), w) + b), as four 2x2 convolutions on the small image.
 * Output phase (py, px) of small pixel (y, x) sees rows y - 1 + py and y + py, columns x - 1 + px and x + px.
 * x [N,H,W,Ci], w [4,Co,2,2,Ci] (prepared: sums of taps), b [Co] float -> y [N,2H,2W,Co]
 * needs  Ci and Co multiples of 8
 * launch grid (ceil(N H W / 128), ceil(Co / 128), 4), block 128 (fp32: 256), shared 98304
 * cost   32 N H W Ci Co flop: 2.25 times fewer than on the large image
 * source convolution.cuh
 * proof  bench: harness.cu; ConvContract
 */
#include "epilogues.cuh"
#include "types.cuh"

#define KERNEL(name, E)                                                                                         \
  extern "C" __global__ void __launch_bounds__(Rows<E, 128, 128>::Core::THREADS, 2)                             \
      upsample_conv_relu_forward_##name(E::Value* y, const E::Value* x, const E::Value* w, const float* bias,   \
                                        int images, int h, int width, int ci, int co) {                         \
    int py = blockIdx.z >> 1, px = blockIdx.z & 1;                                                              \
    BiasRelu<E, 2> epilogue(y, bias, co, h, width, py, px);                                                     \
    convolve<Rows<E, 128, 128>::Core, 2, 2, 1, 3>(x, w + blockIdx.z * 4L * ci * co,                             \
                                                  {images, h, width, h, width, ci, co, 1 - py, 1 - px}, epilogue); \
  }
BELAY_EACH_TYPE(KERNEL)
