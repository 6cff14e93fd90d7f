/* add_parts: adds everything that blocks left in parts, in one launch and in a fixed order, into the fp32 gradient.
 * jobs: 12 64-bit integers each: address of the parts, address of the result, kind, parts, stride (floats from part to part, a
 * multiple of 4; the parts 16-byte aligned), n, Ci, Co, padded, first block, 0, 0
 *   kind 0  out[i] = scale * sum of parts, i < n; 256 values a block: many values, few parts
 *   kind 1  the same, 32 values a block: few values, many parts
 *   kind 2  parts [16][padded][Ci] of the effective taps of upsample + conv -> out [3,3,Ci,Co], scaled; Ci rows of 32 by Co blocks
 *   kind 3  *(double*)out += (sum of n floats) / stride: the loss of a minibatch; one block
 * at most 256 jobs; put those with many parts first
 * launch grid (all blocks: kind 0 ceil(n / 256), 1 ceil(n / 32), 2 ceil(Ci / 32) Co, 3 one), block 256
 * cost   reads every part once
 * proof  src/bench/cuda/step.cu; the backend contract
 */
#include <stdint.h>

struct Sum {
  const float* parts;
  float* out;
  long long kind, count, stride, n, ci, co, padded, first, none[2];
};

/* LANES threads read 4 values each; 256 / LANES groups of threads share out the parts. */
template <int LANES>
__device__ __forceinline__ void add(const Sum& job, int block, float scale, float4* shared) {
  constexpr int GROUPS = 256 / LANES;
  int lane = threadIdx.x % LANES, group = threadIdx.x / LANES, i = (block * LANES + lane) * 4;
  float4 sum = {0, 0, 0, 0};
  if (i < job.n) {
#pragma unroll 4
    for (int p = group; p < job.count; p += GROUPS) {
      float4 v = *reinterpret_cast<const float4*>(job.parts + p * job.stride + i);
      sum.x += v.x, sum.y += v.y, sum.z += v.z, sum.w += v.w;
    }
  }
  shared[threadIdx.x] = sum;
  __syncthreads();
  if (group > 0 || i >= job.n) return;
#pragma unroll
  for (int g = 1; g < GROUPS; g++) {
    float4 v = shared[g * LANES + lane];
    sum.x += v.x, sum.y += v.y, sum.z += v.z, sum.w += v.w;
  }
  float out[4] = {sum.x, sum.y, sum.z, sum.w};
#pragma unroll
  for (int q = 0; q < 4; q++)
    if (i + q < job.n) job.out[i + q] = scale * out[q];
}

/* 32 input channels of one output channel; 8 groups share out the parts. */
__device__ __forceinline__ void fold(const Sum& job, int block, float scale, float* shared) {
  int lane = threadIdx.x % 32, group = threadIdx.x / 32, ci = job.ci, co = job.co;
  int o = block % co, c = block / co * 32 + lane;
  long tap = job.padded * ci;
  float sum[16] = {};
  if (c < ci)
    for (int p = group; p < job.count; p += 8)
#pragma unroll
      for (int t = 0; t < 16; t++) sum[t] += job.parts[p * job.stride + t * tap + o * ci + c];
#pragma unroll
  for (int t = 0; t < 16; t++) shared[(group * 16 + t) * 32 + lane] = sum[t];
  __syncthreads();
  // Groups first, two taps a warp; then the 3x3 tap t collects the effective taps 2 - t and 3 - t of each axis.
#pragma unroll
  for (int t = group; t < 16; t += 8) {
    float total = 0;
    for (int g = 0; g < 8; g++) total += shared[(g * 16 + t) * 32 + lane];
    shared[t * 32 + lane] = total;  // only this thread reads or writes this word of group 0
  }
  __syncthreads();
  for (int t = group; t < 9 && c < ci; t += 8) {
    int u = 2 - t / 3, v = 2 - t % 3;
    float total = shared[(4 * u + v) * 32 + lane] + shared[(4 * u + v + 1) * 32 + lane];
    total += shared[(4 * u + v + 4) * 32 + lane] + shared[(4 * u + v + 5) * 32 + lane];
    job.out[(static_cast<long>(t) * ci + c) * co + o] = scale * total;
  }
}

__device__ __forceinline__ void add_loss(const Sum& job, double* shared) {
  double sum = 0;
  for (int i = threadIdx.x; i < job.n; i += 256) sum += job.parts[i];
  shared[threadIdx.x] = sum;
  for (int half = 128; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half) shared[threadIdx.x] += shared[threadIdx.x + half];
  }
  if (threadIdx.x == 0) *reinterpret_cast<double*>(job.out) += shared[0] / job.stride;
}

extern "C" __global__ void __launch_bounds__(256) add_parts(const Sum* jobs, int count, float scale) {
  __shared__ float4 shared[1024];
  // All threads look at once: a walk along the list would cost a memory latency a job.
  int thread = threadIdx.x;
  int at = __syncthreads_count(thread < count && jobs[thread].first <= blockIdx.x) - 1;
  const Sum job = jobs[at];
  int block = blockIdx.x - job.first;
  if (job.kind == 0) add<64>(job, block, scale, shared);
  else if (job.kind == 1) add<8>(job, block, scale, shared);
  else if (job.kind == 2) fold(job, block, scale, reinterpret_cast<float*>(shared));
  else add_loss(job, reinterpret_cast<double*>(shared));
}
