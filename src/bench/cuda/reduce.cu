/* reduce_*: adds the parts that blocks wrote, in a fixed order, into the fp32 gradient [3,3,Ci,Co] or [Co].
 *
 * reduce_parts:         gradient [n] = sum over P of parts [P, stride]; n <= stride
 * reduce_upsample:      parts [P,4,4,Co,Ci] of the effective taps -> gradient [3,3,Ci,Co]
 * reduce_upsample_last: parts [P,3,3,16,Ci], taps flipped, column o = (2 py + px) C + c -> gradient [3,3,Ci,C]
 * reduce_columns:       columnSums [P, n] -> gradient [n]
 * reduce_columns_last:  columnSums [P, 16] -> gradient [C], the four phases added
 * launch _parts: grid (ceil(n / 256)), block 256; _upsample: grid (ceil(Ci / 32), ceil(Co / 8)), block (32, 8);
 *        _upsample_last: grid (ceil(9 Ci C / 128)), block 128; _columns: grid (ceil(n / 32)), block (32, 32);
 *        _columns_last: grid (1), block (32, 32)
 * cost   reads every part once (_upsample_last: up to four times)
 * proof  bench: harness.cu
 */
#include <stdint.h>

extern "C" __global__ void reduce_parts(float* gradient, const float* parts, int n, int stride, int count) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  float sum = 0;
#pragma unroll 8
  for (int p = 0; p < count; p++) sum += parts[static_cast<long>(p) * stride + i];
  gradient[i] = sum;
}

extern "C" __global__ void reduce_upsample(float* gradient, const float* parts, int ci, int co, int count) {
  __shared__ float folded[9][32][9];  // [tap][ci][co]
  int c = blockIdx.x * 32 + threadIdx.x, o = blockIdx.y * 8 + threadIdx.y;
  long n = static_cast<long>(ci) * co, i = static_cast<long>(o) * ci + c;
  if (c < ci && o < co) {
    float sum[16] = {};
    for (int p = 0; p < count; p++)
#pragma unroll
      for (int tap = 0; tap < 16; tap++) sum[tap] += parts[(p * 16 + tap) * n + i];
    // The effective tap u holds the taps first..last: 0: 2, 1: 1 and 2, 2: 0 and 1, 3: 0 (prepare.cu).
    float rows[3][4];
#pragma unroll
    for (int v = 0; v < 4; v++) {
      rows[0][v] = sum[8 + v] + sum[12 + v];
      rows[1][v] = sum[4 + v] + sum[8 + v];
      rows[2][v] = sum[v] + sum[4 + v];
    }
#pragma unroll
    for (int t = 0; t < 3; t++) {
      folded[3 * t][threadIdx.x][threadIdx.y] = rows[t][2] + rows[t][3];
      folded[3 * t + 1][threadIdx.x][threadIdx.y] = rows[t][1] + rows[t][2];
      folded[3 * t + 2][threadIdx.x][threadIdx.y] = rows[t][0] + rows[t][1];
    }
  }
  __syncthreads();
  int thread = threadIdx.y * 32 + threadIdx.x, row = thread / 8, column = thread % 8;
  c = blockIdx.x * 32 + row, o = blockIdx.y * 8 + column;
  if (c < ci && o < co)
    for (int tap = 0; tap < 9; tap++) gradient[(tap * static_cast<long>(ci) + c) * co + o] = folded[tap][row][column];
}

extern "C" __global__ void reduce_upsample_last(float* gradient, const float* parts, int ci, int channels, int count) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= 9 * ci * channels) return;
  int c = i % ci, channel = i / ci % channels, ty = i / channels / ci / 3, tx = i / channels / ci % 3;
  float sum = 0;
  // Tap t acts through the effective taps u = 2 - t and 3 - t; phase and small-row offset d follow from u = 1 - 2 d + phase.
  for (int u = 2 - ty; u <= 3 - ty; u++)
    for (int v = 2 - tx; v <= 3 - tx; v++) {
      int py = (u + 1) % 2, px = (v + 1) % 2, dy = (1 + py - u) / 2, dx = (1 + px - v) / 2;
      long at = (((1 - dy) * 3 + 1 - dx) * 16L + (2 * py + px) * channels + channel) * ci + c;
#pragma unroll 4
      for (int p = 0; p < count; p++) sum += parts[p * 144L * ci + at];
    }
  gradient[((ty * 3 + tx) * ci + c) * channels + channel] = sum;
}

__device__ float column(const float* sums, int n, int at, int count) {
  __shared__ float partial[32][33];
  float sum = 0;
  if (at < n)
    for (int p = threadIdx.y; p < count; p += 32) sum += sums[static_cast<long>(p) * n + at];
  partial[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y == 0)
    for (int i = 1; i < 32; i++) sum += partial[i][threadIdx.x];
  return sum;
}

extern "C" __global__ void reduce_columns(float* gradient, const float* sums, int n, int count) {
  int at = blockIdx.x * 32 + threadIdx.x;
  float sum = column(sums, n, at, count);
  if (threadIdx.y == 0 && at < n) gradient[at] = sum;
}

extern "C" __global__ void reduce_columns_last(float* gradient, const float* sums, int channels, int count) {
  __shared__ float columns[16];
  float sum = column(sums, 16, threadIdx.x, count);
  if (threadIdx.y == 0 && threadIdx.x < 16) columns[threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y == 0 && threadIdx.x < channels) {
    float total = 0;
    for (int phase = 0; phase < 4; phase++) total += columns[phase * channels + threadIdx.x];
    gradient[threadIdx.x] = total;
  }
}
