/* upsample_conv_loss: the last layer y = conv3x3(upsample2(x), w) + b, its squared error, and the gradient of that as patches,
 * one image a block. The 16 effective taps come first as one dense product v[pixel, 4 (4 u + s) + c] (64 columns); output
 * (Y, X) then adds the four that touch it: those of small row i with 2 i - 1 + u = Y, and likewise for columns.
 * x [N,h,w,Ci]; wt [64,Ci] (K contiguous: row 4 (4 u + s) + c, zeros for c >= C); b [C] float; images [count,C,2h,2w] bytes, rows [N]
 *   -> patches [N h w, 64]: row (i, j), column 4 (4 u + s) + c holds dy[2 i - 1 + u, 2 j - 1 + s, c], zero outside, so that both
 *      gradients are dense products; dy = scale (y - target). Null: loss only
 *      squares [N] sums of (y - target)^2; bias [N,4] sums of dy; output [N,2h,2w,C] or null; all float
 * needs  h w <= 256, Ci a multiple of 8, C <= 4
 * launch grid (N), block 256, shared max(81920, 69632 + 16 (2h + 2) (2w + 2)): 88128 for 16 x 16
 * cost   128 N h w Ci flop; reads x once
 * proof  src/bench/cuda/step.cu; the backend contract
 */
#include "cores.cuh"
#include "formats.cuh"

constexpr int THREADS = 256, PIXELS = 256, CHANNELS = 4, TAPS = 16 * CHANNELS, PITCH = TAPS + 4;
constexpr int STAGES = 2, STAGE = (PIXELS + TAPS) * ROW_BYTES, RING = STAGES * STAGE, DY_OFFSET = PIXELS * PITCH * 4;
static_assert(RING >= DY_OFFSET, "the products take the place of the tiles");

__device__ __forceinline__ float warp_sum(float v) {
#pragma unroll
  for (int step = 16; step > 0; step /= 2) v += __shfl_xor_sync(0xFFFFFFFFu, v, step);
  return v;
}

/* Four channels of a pixel in the element type. */
template <class E>
__device__ __forceinline__ void store4(typename E::Value* to, const float (&v)[4]) {
  if constexpr (E::BYTES == 2) {
    *reinterpret_cast<uint2*>(to) = make_uint2(E::pack(v[0], v[1]), E::pack(v[2], v[3]));
  } else {
    *reinterpret_cast<float4*>(to) = make_float4(E::round(v[0]), E::round(v[1]), E::round(v[2]), E::round(v[3]));
  }
}

/* v = x wt of one image, to shared memory [pixels][PITCH] float. */
template <class E>
__device__ __forceinline__ void project(const typename E::Value* x, const typename E::Value* wt, int pixels, int ci,
                                        char* shared) {
  using Core = typename Rows<E, PIXELS, TAPS>::Core;
  constexpr int CH = 16 / E::BYTES, BK = 8 * CH, STEP = THREADS / 8;
  int chunk = threadIdx.x % 8, row = threadIdx.x / 8;
  uint32_t ring = shared_address(shared), place = row * ROW_BYTES + ((chunk ^ (row & 7)) << 4);
  auto load = [&](int block) {
    int c = block * BK + chunk * CH;
    uint32_t to = ring + block % STAGES * STAGE + place;
#pragma unroll
    for (int i = 0; i < (PIXELS + TAPS) / STEP; i++) {
      int r = row + i * STEP;
      bool pixel = i < PIXELS / STEP, ok = c < ci && (!pixel || r < pixels);
      const auto* from = pixel ? x + r * ci + c : wt + (r - PIXELS) * ci + c;
      stream16(to + i * STEP * ROW_BYTES, ok ? from : wt, ok);
    }
    copies_commit();
  };
  Core core;
  int blocks = (ci + BK - 1) / BK;
  load(0);
  for (int block = 0; block < blocks; block++) {
    if (block + 1 < blocks) load(block + 1);
    else copies_commit();
    copies_wait<1>();
    __syncthreads();
    uint32_t stage = ring + block % STAGES * STAGE;
    core.stage(stage, stage + PIXELS * ROW_BYTES);
    __syncthreads();
  }
  core.spill(reinterpret_cast<float*>(shared), PITCH);
}

template <class E>
__device__ __forceinline__ void last_layer(typename E::Value* patches, float* squares, float* biasGradient, float* output,
                                           const typename E::Value* x, const typename E::Value* wt, const float* bias,
                                           const unsigned char* images, const int* rows, float scale, int h, int w, int ci,
                                           int channels) {
  using Value = typename E::Value;
  extern __shared__ __align__(1024) char shared[];
  long image = blockIdx.x;
  project<E>(x + image * h * w * ci, wt, h * w, ci, shared);
  const float* v = reinterpret_cast<const float*>(shared);
  Value* dy = reinterpret_cast<Value*>(shared + DY_OFFSET);  // [2h + 2][2w + 2][4] with a border of zeros
  int wide = 2 * w, high = 2 * h, border = wide + 2;
  Divisor across(border);
  __syncthreads();
  const unsigned char* target = images + static_cast<long>(rows[image]) * channels * high * wide;
  float b[4], sum[5] = {};
#pragma unroll
  for (int c = 0; c < 4; c++) b[c] = c < channels ? bias[c] : 0;
  for (int at = threadIdx.x; at < (high + 2) * border; at += 256) {
    int Y = across.quotient(at) - 1, X = at - (Y + 1) * border - 1;
    float d[4] = {};
    if (static_cast<unsigned>(Y) < high && static_cast<unsigned>(X) < wide) {
      float y[4] = {b[0], b[1], b[2], b[3]};
#pragma unroll
      for (int tap = 0; tap < 4; tap++) {
        // Small row i = (Y + 1 - u) / 2 for the two u of Y's parity: (Y + 1) / 2 with u = (Y + 1) % 2, and the one above.
        int i = (Y + 1) / 2 - tap / 2, u = (Y + 1) % 2 + tap / 2 * 2, j = (X + 1) / 2 - tap % 2, s = (X + 1) % 2 + tap % 2 * 2;
        if (i < 0 || i >= h || j < 0 || j >= w) continue;
        float4 part = *reinterpret_cast<const float4*>(v + (i * w + j) * PITCH + turned(4 * (4 * u + s)));
        y[0] += part.x, y[1] += part.y, y[2] += part.z, y[3] += part.w;
      }
#pragma unroll
      for (int c = 0; c < 4; c++)
        if (c < channels) {
          float difference = y[c] - target[(c * high + Y) * wide + X] / 255.f;
          sum[4] += difference * difference;
          d[c] = scale * difference;
          sum[c] += d[c];
          if (output) output[((image * high + Y) * wide + X) * channels + c] = y[c];
        }
    }
    if (patches) store4<E>(dy + at * 4, d);
  }
  __syncthreads();
  if (patches) {
    // 16 neighbouring values of a patch row: pixels 2 j - 1 .. 2 j + 2 of large row 2 i - 1 + u.
    constexpr int WORDS = 16 * E::BYTES / 16;
    for (int at = threadIdx.x; at < h * w * 4 * WORDS; at += 256) {
      int word = at % WORDS, u = at / WORDS % 4, pixel = at / WORDS / 4, i = pixel / w, j = pixel - i * w;
      const uint4* from = reinterpret_cast<const uint4*>(dy + ((2 * i + u) * border + 2 * j) * 4) + word;
      reinterpret_cast<uint4*>(patches + (image * h * w + pixel) * TAPS)[u * WORDS + word] = *from;
    }
    __syncthreads();
  }
  float* sums = reinterpret_cast<float*>(shared);
#pragma unroll
  for (int q = 0; q < 5; q++) {
    float total = warp_sum(sum[q]);
    if (threadIdx.x % 32 == 0) sums[threadIdx.x / 32 * 5 + q] = total;
  }
  __syncthreads();
  if (threadIdx.x < 5) {
    float total = 0;
    for (int i = 0; i < 8; i++) total += sums[i * 5 + threadIdx.x];
    if (threadIdx.x == 4) squares[image] = total;
    else if (biasGradient) biasGradient[image * 4 + threadIdx.x] = total;
  }
}

#define KERNEL(name, E)                                                                                             \
  extern "C" __global__ void __launch_bounds__(THREADS, 2) upsample_conv_loss_##name(                               \
      E::Value* patches, float* squares, float* biasGradient, float* output, const E::Value* x, const E::Value* wt, \
      const float* bias, const unsigned char* images, const int* rows, float scale, int h, int w, int ci,           \
      int channels) {                                                                                               \
    last_layer<E>(patches, squares, biasGradient, output, x, wt, bias, images, rows, scale, h, w, ci, channels);    \
  }
BELAY_EACH_TYPE(KERNEL)
