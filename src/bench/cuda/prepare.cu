/* prepare_*: copies of the fp32 master kernels in the compute type and in the order that the convolutions read.
 * All take the master kernel [3,3,Ci,Co] and write every element of what they make; a tap that an output phase does not see is 0.
 *
 * prepare_conv3x3:       forward [Co,3,3,Ci], backward [Ci,3,3,Co] with flipped taps
 * prepare_upsample_conv: forward [4,Co,2,2,Ci] per output phase, backward [Ci,4,4,Co]
 * prepare_upsample_last: forward [16,3,3,Ci], backward [Ci,3,3,16] flipped; column o = (2 py + px) C + c, zeros from 4 C on
 * prepare_image_conv:    forward [Co,32], k = tap Ci + ci, zeros from 9 Ci on
 * launch grid (ceil(Ci / 32), ceil(Co / 32), taps: 9, 16) and block (32, 8) for the first two;
 *        _last: grid (ceil(Ci / 32), 9), block (16, 32); image: grid (ceil(Co / 32)), block (32, 32)
 * cost   reads the kernel once per tap made, writes twice
 *
 * Upsampling by 2 doubles rows: large row 2y - 1 + u sees small row y through the taps in SEEN[u], u in 0..3. Output phase
 * py sees small row y + d by u = 1 - 2 d + py (Shi et al. 2016, arXiv:1609.07009, tells the same of transposed convolution).
 */
#include "../../../kernels/tensor/element.cuh"
#include "../../../kernels/tensor/formats.cuh"

/* First and last tap (0..2) by which the effective tap u acts. */
__device__ __forceinline__ int first_tap(int u) { return u == 0 ? 2 : u == 1 ? 1 : 0; }
__device__ __forceinline__ int last_tap(int u) { return u == 0 ? 2 : u == 1 ? 2 : u == 2 ? 1 : 0; }

__device__ __forceinline__ float effective(const float* w, int u, int v, int ci, int co, int c, int o) {
  float sum = 0;
  for (int i = first_tap(u); i <= last_tap(u); i++)
    for (int j = first_tap(v); j <= last_tap(v); j++) sum += w[((i * 3 + j) * ci + c) * static_cast<long>(co) + o];
  return sum;
}

/* Writes value(c, o) of a 32 x 32 tile to both orders, each by whole lines. */
template <class E, class Value, class Forward, class Backward>
__device__ __forceinline__ void both_orders(int ci, int co, Value value, Forward forward, Backward backward) {
  __shared__ float tile[32][33];
  int c0 = blockIdx.x * 32, o0 = blockIdx.y * 32;
  for (int i = threadIdx.y; i < 32; i += 8) {
    int c = c0 + i, o = o0 + threadIdx.x;
    if (c < ci && o < co) {
      float v = value(c, o);
      tile[i][threadIdx.x] = v;
      *backward(c, o) = E::round(v);
    }
  }
  __syncthreads();
  for (int i = threadIdx.y; i < 32; i += 8) {
    int c = c0 + threadIdx.x, o = o0 + i;
    if (c < ci && o < co) *forward(c, o) = E::round(tile[threadIdx.x][i]);
  }
}

template <class E>
__device__ void prepare_last(typename E::Value* forward, typename E::Value* backward, const float* w, int ci, int channels) {
  int o = threadIdx.x, c = blockIdx.x * 32 + threadIdx.y, tap = blockIdx.y;
  if (c >= ci) return;
  float v = 0;
  if (o < 4 * channels) {
    int phase = o / channels, u = 1 - 2 * (tap / 3 - 1) + (phase >> 1), s = 1 - 2 * (tap % 3 - 1) + (phase & 1);
    if (u >= 0 && u < 4 && s >= 0 && s < 4) v = effective(w, u, s, ci, channels, c, o % channels);
  }
  forward[(o * 9 + tap) * ci + c] = E::round(v);
  backward[(c * 9 + 8 - tap) * 16 + o] = E::round(v);
}

#define KERNEL(name, E)                                                                                              \
  extern "C" __global__ void prepare_conv3x3_##name(E::Value* forward, E::Value* backward, const float* w, int ci,   \
                                                    int co) {                                                        \
    int tap = blockIdx.z;                                                                                            \
    both_orders<E>(                                                                                                  \
        ci, co, [=](int c, int o) { return w[(tap * ci + c) * static_cast<long>(co) + o]; },                         \
        [=](int c, int o) { return forward + (o * 9L + tap) * ci + c; },                                             \
        [=](int c, int o) { return backward + (c * 9L + 8 - tap) * co + o; });                                       \
  }                                                                                                                  \
  extern "C" __global__ void prepare_upsample_conv_##name(E::Value* forward, E::Value* backward, const float* w,     \
                                                          int ci, int co) {                                          \
    int u = blockIdx.z / 4, v = blockIdx.z % 4;                                                                      \
    int phase = 2 * ((u + 1) % 2) + (v + 1) % 2, tap = 2 * (u < 2) + (v < 2);                                        \
    both_orders<E>(                                                                                                  \
        ci, co, [=](int c, int o) { return effective(w, u, v, ci, co, c, o); },                                      \
        [=](int c, int o) { return forward + ((phase * static_cast<long>(co) + o) * 4 + tap) * ci + c; },            \
        [=](int c, int o) { return backward + (c * 16L + blockIdx.z) * co + o; });                                   \
  }                                                                                                                  \
  extern "C" __global__ void prepare_upsample_last_##name(E::Value* forward, E::Value* backward, const float* w,     \
                                                          int ci, int channels) {                                    \
    prepare_last<E>(forward, backward, w, ci, channels);                                                             \
  }                                                                                                                  \
  extern "C" __global__ void prepare_image_conv_##name(E::Value* forward, const float* w, int ci, int co) {          \
    int o = blockIdx.x * 32 + threadIdx.y, k = threadIdx.x;                                                          \
    if (o < co) forward[o * 32 + k] = E::round(k < 9 * ci ? w[k * co + o] : 0);                                      \
  }
BELAY_EACH_TYPE(KERNEL)
