/* Plain reference operations in double, one thread an output, on float copies of the tensors under test. */
#pragma once
#include "../../../kernels/tensor/element.cuh"

template <class E>
__global__ void to_float(float* out, const typename E::Value* in, long n) {
  long i = blockIdx.x * 256L + threadIdx.x;
  if (i < n) out[i] = E::widen(in[i]);
}

/* y = conv3x3(up ? upsample2(x) : x, w) + b, relu where asked; x [N,H,W,xs] of which ci channels count, y [N,OH,OW,co] */
__global__ void ref_forward(float* y, const float* x, const float* w, const float* b, int n, int oh, int ow, int ci,
                            int xs, int co, bool up, bool relu) {
  long i = blockIdx.x * 256L + threadIdx.x;
  if (i >= 1L * n * oh * ow * co) return;
  int o = i % co, xx = i / co % ow, yy = i / co / ow % oh, im = i / co / ow / oh;
  int ih = up ? oh / 2 : oh, iw = up ? ow / 2 : ow;
  double sum = b[o];
  for (int u = 0; u < 3; u++)
    for (int v = 0; v < 3; v++) {
      int py = yy + u - 1, px = xx + v - 1;
      if (py < 0 || py >= oh || px < 0 || px >= ow) continue;
      if (up) py /= 2, px /= 2;
      const float* from = x + ((1L * im * ih + py) * iw + px) * xs;
      for (int c = 0; c < ci; c++) sum += 1.0 * from[c] * w[((u * 3 + v) * ci + c) * 1L * co + o];
    }
  y[i] = relu && sum < 0 ? 0 : sum;
}

/* dx of the same; dy [N,OH,OW,co] -> dx [N,H,W,ci] */
__global__ void ref_input_gradient(float* dx, const float* dy, const float* w, int n, int ih, int iw, int ci, int co,
                                   bool up) {
  long i = blockIdx.x * 256L + threadIdx.x;
  if (i >= 1L * n * ih * iw * ci) return;
  int c = i % ci, xx = i / ci % iw, yy = i / ci / iw % ih, im = i / ci / iw / ih;
  int f = up ? 2 : 1, oh = ih * f, ow = iw * f;
  double sum = 0;
  for (int sy = 0; sy < f; sy++)
    for (int sx = 0; sx < f; sx++)
      for (int u = 0; u < 3; u++)
        for (int v = 0; v < 3; v++) {
          int py = yy * f + sy - u + 1, px = xx * f + sx - v + 1;
          if (py < 0 || py >= oh || px < 0 || px >= ow) continue;
          const float* from = dy + ((1L * im * oh + py) * ow + px) * co;
          for (int o = 0; o < co; o++) sum += 1.0 * from[o] * w[((u * 3 + v) * ci + c) * 1L * co + o];
        }
  dx[i] = sum;
}

/* dw [3,3,ci,co]; one block an output, summed over pixels */
__global__ void ref_weight_gradient(float* dw, const float* x, const float* dy, int n, int oh, int ow, int ci, int xs,
                                    int co, bool up) {
  int o = blockIdx.x * 32 + threadIdx.x, c = blockIdx.y, u = blockIdx.z / 3, v = blockIdx.z % 3;
  int ih = up ? oh / 2 : oh, iw = up ? ow / 2 : ow;
  __shared__ double part[8][32];
  double sum = 0;
  if (o < co)
    for (long p = threadIdx.y; p < 1L * n * oh * ow; p += 8) {
      int px = p % ow + v - 1, py = p / ow % oh + u - 1, im = p / ow / oh;
      if (py < 0 || py >= oh || px < 0 || px >= ow) continue;
      if (up) py /= 2, px /= 2;
      sum += 1.0 * x[((1L * im * ih + py) * iw + px) * xs + c] * dy[p * co + o];
    }
  part[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y == 0 && o < co) {
    for (int i = 1; i < 8; i++) sum += part[i][threadIdx.x];
    dw[((u * 3 + v) * ci + c) * 1L * co + o] = sum;
  }
}

__global__ void ref_column_sum(float* out, const float* dy, long rows, int co) {
  int o = blockIdx.x;
  __shared__ double part[256];
  double sum = 0;
  for (long r = threadIdx.x; r < rows; r += 256) sum += dy[r * co + o];
  part[threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.x == 0) {
    for (int i = 1; i < 256; i++) sum += part[i];
    out[o] = sum;
  }
}

/* Pools y [N,H,W,c]; the value at the argmax under test must be the maximum too: picked [N,H/2,W/2,c] */
__global__ void ref_pool(float* pooled, float* picked, const float* y, const unsigned char* argmax, int n, int h, int w, int c) {
  long i = blockIdx.x * 256L + threadIdx.x;
  if (i >= 1L * n * (h / 2) * (w / 2) * c) return;
  int ch = i % c, x = i / c % (w / 2), yy = i / c / (w / 2) % (h / 2), im = i / c / (w / 2) / (h / 2);
  int at = argmax[i];
  float best = -1e30f;
  for (int q = 0; q < 4; q++) {
    float v = y[((1L * im * h + 2 * yy + q / 2) * w + 2 * x + q % 2) * c + ch];
    best = fmaxf(best, v);
    if (q == at) picked[i] = v;
  }
  pooled[i] = best;
}

/* dx = dy where activation > 0 */
__global__ void ref_mask(float* dx, const float* activation, long n) {
  long i = blockIdx.x * 256L + threadIdx.x;
  if (i < n && !(activation[i] > 0)) dx[i] = 0;
}

/* dp [N,h,w,c] -> [N,2h,2w,c] by argmax */
__global__ void ref_unpool(float* out, const float* dp, const unsigned char* argmax, int n, int h, int w, int c) {
  long i = blockIdx.x * 256L + threadIdx.x;
  if (i >= 1L * n * h * w * c) return;
  int ch = i % c, x = i / c % w, y = i / c / w % h, im = i / c / w / h;
  int at = argmax[i];
  for (int q = 0; q < 4; q++)
    out[((1L * im * 2 * h + 2 * y + q / 2) * 2 * w + 2 * x + q % 2) * c + ch] = q == at ? dp[i] : 0;
}

/* y [N,2h,2w,c] and target [N,2h,2w,4] -> dy [N,2h,2w,c] */
__global__ void ref_loss(float* dy, const float* y, const float* target, long pixels, int c, float scale) {
  long i = blockIdx.x * 256L + threadIdx.x;
  if (i < pixels * c) dy[i] = scale * (y[i] - target[i / c * 4 + i % c]);
}

/* [N,h,w,64] patches, column 4 (4 u + v) + c of small pixel (i, j) is large pixel (2 i - 1 + u, 2 j - 1 + v) -> [N,2h,2w,c]
 * from the inner taps u, v in 1..2 */
__global__ void ref_unfold(float* out, const float* patches, int n, int h, int w, int c) {
  long i = blockIdx.x * 256L + threadIdx.x;
  if (i >= 1L * n * 4 * h * w * c) return;
  int ch = i % c, x = i / c % (2 * w), y = i / c / (2 * w) % (2 * h), im = i / c / (2 * w) / (2 * h);
  out[i] = patches[((1L * im * h + y / 2) * w + x / 2) * 64 + (4 * (1 + y % 2) + 1 + x % 2) * 4 + ch];
}

/* Uniform values from a counter. */
__global__ void fill(float* out, long n, float lo, float hi, unsigned seed, int period, int used) {
  long i = blockIdx.x * 256L + threadIdx.x;
  if (i >= n) return;
  unsigned long z = (i + 1) * 0x9E3779B97F4A7C15ul + seed * 0xD1B54A32D192ED03ul;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ul;
  z = (z ^ z >> 27) * 0x94D049BB133111EBul;
  z ^= z >> 31;
  out[i] = i % period < used ? lo + (hi - lo) * ((z >> 40) / 16777216.0f) : 0;
}
