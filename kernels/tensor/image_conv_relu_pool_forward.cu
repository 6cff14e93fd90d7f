/* image_conv_relu_pool_forward: the first layer, y = maxpool2x2(max(0, conv3x3(x, w) + b)), zero border.
 * Its 27 products a value are two matrix steps: the block gathers patches once and goes over all output channels.
 * x [N,H,W,4] float, C <= 3 channels used; w [Co,32] (prepared: k = tap C + c, zeros above), b [Co] float
 *   -> y [N,H/2,W/2,Co], argmax a byte a value (null: not wanted)
 * needs  Co a multiple of 8, H and W even
 * launch grid (ceil(N H W / 64)), block 128, shared 59392
 * cost   18 N H W C Co flop, 64 N H W Co executed; bound by the epilogue
 * source convolution.cuh
 * proof  bench: harness.cu; ConvContract
 */
#include "epilogues.cuh"
#include "patch.cuh"
#include "formats.cuh"

template <class E>
__device__ __forceinline__ void image_convolve(const float* x, const typename E::Value* w, int images, int h, int width,
                                               int channels, int n, BiasReluPool<E>& epilogue) {
  using Core = typename Rows<E, 64, 128>::Core;
  constexpr int CH = 16 / E::BYTES, CHUNKS = PATCH / CH, C_BYTES = Core::BM * (Core::BN + 8) * 4;
  extern __shared__ __align__(1024) char shared[];
  uint32_t a = shared_address(shared) + C_BYTES, b = a + Core::BM * ROW_BYTES;
  int rows = images * h * width, m0 = blockIdx.x * Core::BM;
  RowOrder<true> order(h, width);
  for (int i = threadIdx.x; i < Core::BM * CHUNKS; i += Core::THREADS) {
    int row = i / CHUNKS, chunk = i % CHUNKS, m = m0 + row;
    uint4 v = m < rows ? patch_chunk<E>(x, order.at(m), h, width, channels, chunk * CH) : make_uint4(0, 0, 0, 0);
    store16(a + row * ROW_BYTES + ((chunk ^ (row & 7)) << 4), v);
  }
  for (int n0 = 0; n0 < n; n0 += Core::BN) {
    for (int i = threadIdx.x; i < Core::BN * CHUNKS; i += Core::THREADS) {
      int row = i / CHUNKS, chunk = i % CHUNKS;
      bool ok = n0 + row < n;
      copy16(b + row * ROW_BYTES + ((chunk ^ (row & 7)) << 4), ok ? w + (n0 + row) * PATCH + chunk * CH : w, ok);
    }
    copies_commit();
    copies_wait<0>();
    Core core;
    core.begin();
    __syncthreads();
    core.template stage<CHUNKS / 2>(a, b);
    core.finish();
    finish_tile(core, shared, m0, n0, rows, n, epilogue);
    __syncthreads();
  }
}

#define KERNEL(name, E)                                                                                               \
  extern "C" __global__ void __launch_bounds__(128) image_conv_relu_pool_forward_##name(                              \
      E::Value* y, unsigned char* argmax, const float* x, const E::Value* w, const float* bias, int images, int h,         \
      int width, int channels, int co) {                                                                              \
    BiasReluPool<E> epilogue(y, argmax, bias, co);                                                                    \
    image_convolve<E>(x, w, images, h, width, channels, co, epilogue);                                                \
  }
BELAY_EACH_TYPE(KERNEL)
