/* upsample_conv_loss_forward: the last layer y = conv3x3(upsample2(x), w) + b, its squared error and the gradient of it.
 * All four output phases and C <= 4 channels are one 3x3 convolution of the small image to 16 columns
 * o = (2 py + px) C + c, the last of them zero.
 * x [N,H,W,Ci], w [16,3,3,Ci] (prepared), b [C] float, target [N,2H,2W,4] float
 *   -> dy [N,H,W,16] = scale (y - target), squares [gridDim.x] sums of (y - target)^2 in float, columnSums [gridDim.x,16]
 *      of dy, output [N,2H,2W,C] float; dy, columnSums and output may be null
 * needs  Ci a multiple of 8, C <= 3
 * launch grid (ceil(N H W / 128)), block 128, shared 73728
 * cost   288 N H W Ci flop
 * source convolution.cuh
 * proof  bench: harness.cu; ConvContract
 */
#include "epilogues.cuh"
#include "formats.cuh"

#define KERNEL(name, E)                                                                                          \
  extern "C" __global__ void __launch_bounds__(128) upsample_conv_loss_forward_##name(                           \
      E::Value* dy, float* squares, float* columnSums, float* output, const E::Value* x, const E::Value* w,      \
      const float* bias, const float* target, float scale, int images, int h, int width, int ci, int channels) { \
    extern __shared__ __align__(1024) char scratch[];                                                            \
    Loss<E> epilogue(dy, target, bias, output, columnSums, scale, channels, h, width);                           \
    convolve<Rows<E, 128, 16>::Core, 4>(x, w, {images, h, width, h, width, ci, 16, 3, 3, 1, -1, -1}, epilogue);    \
    float sum = block_sum(epilogue.squares, reinterpret_cast<float*>(scratch));                                  \
    if (threadIdx.x == 0) squares[blockIdx.x] = sum;                                                             \
  }
BELAY_EACH_TYPE(KERNEL)
