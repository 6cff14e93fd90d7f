/* What happens to C before it leaves a block: bias, ReLU, pooling, masks, loss. Each sees 8 channels of one output pixel
 * (or of the four pixels of one window, ROWS = 4) in fp32 and adds what it wrote to its SUMS kinds of column sums. One that reads
 * MUCH asks for it when the sums have left the registers.
 */
#pragma once
#include "convolution.cuh"

/* Eight columns of a row of C. */
__device__ __forceinline__ void read8(float (&v)[8], const float* row, int column) {
  float4 lo = *reinterpret_cast<const float4*>(row + turned(column));
  float4 hi = *reinterpret_cast<const float4*>(row + turned(column + 4));
  v[0] = lo.x, v[1] = lo.y, v[2] = lo.z, v[3] = lo.w;
  v[4] = hi.x, v[5] = hi.y, v[6] = hi.z, v[7] = hi.w;
}

/* y = c + b, or relu(c + b), at every scale-th pixel of a larger image from (offsetY, offsetX) on. */
template <class E, bool RELU>
struct Bias {
  static constexpr int ROWS = 1;
  static constexpr bool WINDOWS = false, MUCH = false;
  static constexpr int SUMS = 0;
  typename E::Value* y;  // [images, h scale, w scale, n]
  const float* bias;     // or null
  int n, h, w, scale, offsetY, offsetX;
  PixelGrid grid;
  float b[8];
  __device__ Bias(typename E::Value* y, const float* bias, int n, int h, int w, int scale, int offsetY, int offsetX)
      : y(y), bias(bias), n(n), h(h), w(w), scale(scale), offsetY(offsetY), offsetX(offsetX), grid(h, w) {}

  __device__ __forceinline__ void begin(int column) {
#pragma unroll
    for (int q = 0; q < 8; q++) b[q] = bias ? bias[column + q] : 0;
  }
  __device__ __forceinline__ void fetch(int, long, int) {}
  __device__ __forceinline__ void apply(int, int m, int column, const float* c, int local, int, float (&)[8]) {
    float v[8];
    read8(v, c, local);
#pragma unroll
    for (int q = 0; q < 8; q++) v[q] = RELU ? larger(v[q] + b[q], 0) : v[q] + b[q];
    long pixel = m;
    if (scale > 1) {
      Pixel p = grid.at(m);
      pixel = (static_cast<long>(p.image) * h * scale + p.y * scale + offsetY) * (w * scale) + p.x * scale + offsetX;
    }
    store8<E>(y + pixel * n + column, v);
  }
};

/* y = c + b; parts [ceil(m / PART)][2][n]: of PART rows of y the mean and the squared deviations from it. They are summed around
 * a number for each column, so that squares of a mean do not drown a small variance. */
template <class E>
struct Moments {
  static constexpr int ROWS = 1;
  static constexpr bool WINDOWS = false, MUCH = false;
  static constexpr int SUMS = 2;
  typename E::Value* y;  // [m, n]
  const float* bias;     // or null
  const float* around;
  float* parts;
  int n;
  float b[8], middle[8];
  __device__ Moments(typename E::Value* y, const float* bias, const float* around, float* parts, int n)
      : y(y), bias(bias), around(around), parts(parts), n(n) {}

  __device__ __forceinline__ void begin(int column) {
#pragma unroll
    for (int q = 0; q < 8; q++) b[q] = bias ? bias[column + q] : 0, middle[q] = around[column + q];
  }
  __device__ __forceinline__ void fetch(int, long, int) {}
  __device__ __forceinline__ void apply(int, int m, int column, const float* c, int local, int, float (&sums)[16]) {
    float v[8];
    read8(v, c, local);
#pragma unroll
    for (int q = 0; q < 8; q++) {
      v[q] = E::widen(E::round(v[q] + b[q]));
      const float d = v[q] - middle[q];
      sums[q] += d, sums[8 + q] += d * d;
    }
    store8<E>(y + static_cast<long>(m) * n + column, v);
  }
  __device__ __forceinline__ void column_sums(int part, int column, const float (&sum)[2]) {
    float* to = parts + 2l * part * n + column;
    to[0] = around[column] + sum[0] / PART, to[n] = larger(sum[1] - sum[0] * (sum[0] / PART), 0);
  }
};

/* y = max over the window of relu(c + b); argmax 2 dy + dx of the first maximum, a byte a value. */
template <class E>
struct BiasReluPool {
  static constexpr int ROWS = 4;
  static constexpr bool WINDOWS = true, MUCH = false;
  static constexpr int SUMS = 0;
  typename E::Value* y;  // [windows, n]
  unsigned char* argmax;  // [windows, n], or null where no gradient will be asked for
  const float* bias;      // or null
  int n;
  float b[8];
  __device__ BiasReluPool(typename E::Value* y, unsigned char* argmax, const float* bias, int n)
      : y(y), argmax(argmax), bias(bias), n(n) {}

  __device__ __forceinline__ void begin(int column) {
#pragma unroll
    for (int q = 0; q < 8; q++) b[q] = bias ? bias[column + q] : 0;
  }
  __device__ __forceinline__ void fetch(int, long, int) {}
  __device__ __forceinline__ void apply(int, int window, int column, const float* c, int local, int pitch, float (&)[8]) {
    float v[8];
    uint32_t at[8];
    float second[8], third[8], fourth[8];
    read8(v, c, local);
    read8(second, c + pitch, local);
    read8(third, c + 2 * pitch, local);
    read8(fourth, c + 3 * pitch, local);
#pragma unroll
    for (int q = 0; q < 8; q++) at[q] = first_maximum(v[q], second[q], third[q], fourth[q]);
#pragma unroll
    for (int q = 0; q < 8; q++) v[q] = larger(v[q] + b[q], 0);
    store8<E>(y + static_cast<long>(window) * n + column, v);
    if (argmax)
      *reinterpret_cast<uint2*>(argmax + static_cast<long>(window) * n + column) =
          make_uint2(at[0] | at[1] << 8 | at[2] << 16 | at[3] << 24, at[4] | at[5] << 8 | at[6] << 16 | at[7] << 24);
  }
};

/* Activations of the rows in flight, asked for together so that their latencies overlap. */
template <class E>
struct Fetched {
  uint4 raw[BATCH][E::BYTES / 2];
  __device__ __forceinline__ void fetch(int slot, const typename E::Value* from) {
#pragma unroll
    for (int i = 0; i < E::BYTES / 2; i++) raw[slot][i] = __ldg(reinterpret_cast<const uint4*>(from) + i);
  }
  /* The same of what this thread will overwrite. */
  __device__ __forceinline__ void fetch_writable(int slot, const typename E::Value* from) {
#pragma unroll
    for (int i = 0; i < E::BYTES / 2; i++) raw[slot][i] = reinterpret_cast<const uint4*>(from)[i];
  }
  __device__ __forceinline__ void read(int slot, float (&v)[8]) const { widen8<E>(v, raw[slot]); }
};

/* dx = c where the activation is positive; column sums are the bias gradient of the layer that made the activation. */
template <class E>
struct ReluMask {
  static constexpr int ROWS = 1;
  static constexpr bool WINDOWS = false, MUCH = false;
  static constexpr int SUMS = 1;
  typename E::Value* dx;                // [m, n]
  const typename E::Value* activation;  // [m, n], after ReLU
  float* columnSums;                    // [ceil(m / PART), n], or null
  int n;
  Fetched<E> activations;
  __device__ ReluMask(typename E::Value* dx, const typename E::Value* activation, float* columnSums, int n)
      : dx(dx), activation(activation), columnSums(columnSums), n(n) {}

  __device__ __forceinline__ void begin(int) {}
  __device__ __forceinline__ void fetch(int slot, long m, int column) {
    activations.fetch(slot, activation + m * n + column);
  }
  __device__ __forceinline__ void apply(int slot, int m, int column, const float* c, int local, int, float (&sums)[8]) {
    long at = static_cast<long>(m) * n + column;
    float v[8], a[8];
    activations.read(slot, a);
    read8(v, c, local);
#pragma unroll
    for (int q = 0; q < 8; q++) {
      v[q] = a[q] > 0 ? v[q] : 0;
      sums[q] += v[q];
    }
    store8<E>(dx + at, v);
  }
  __device__ __forceinline__ void column_sums(int part, int column, const float (&sum)[1]) {
    if (columnSums) columnSums[static_cast<long>(part) * n + column] = sum[0];
  }
};

/* The same through a pooling layer: dx of the four pixels before it, zero but at the maximum. */
template <class E>
struct ReluPoolMask {
  static constexpr int ROWS = 1;
  static constexpr bool WINDOWS = false, MUCH = false;
  static constexpr int SUMS = 1;
  typename E::Value* dx;            // [images, 2h, 2w, n]
  const typename E::Value* pooled;  // [images, h, w, n]
  const unsigned char* argmax;      // [images, h, w, n]
  float* columnSums;                // [ceil(images h w / PART), n], or null
  int n, w;
  PixelGrid grid;
  Fetched<E> activations;
  uint2 places[BATCH];
  __device__ ReluPoolMask(typename E::Value* dx, const typename E::Value* pooled, const unsigned char* argmax,
                          float* columnSums, int n, int h, int w)
      : dx(dx), pooled(pooled), argmax(argmax), columnSums(columnSums), n(n), w(w), grid(h, w) {}

  __device__ __forceinline__ void begin(int) {}
  __device__ __forceinline__ void fetch(int slot, long m, int column) {
    activations.fetch(slot, pooled + m * n + column);
    places[slot] = __ldg(reinterpret_cast<const uint2*>(argmax + m * n + column));
  }
  __device__ __forceinline__ void apply(int slot, int m, int column, const float* c, int local, int, float (&sums)[8]) {
    float v[8], a[8];
    activations.read(slot, a);
    read8(v, c, local);
    uint2 codes = places[slot];
#pragma unroll
    for (int q = 0; q < 8; q++) {
      v[q] = a[q] > 0 ? v[q] : 0;
      sums[q] += v[q];
    }
    Pixel p = grid.at(m);
    int h = grid.area.divisor / w;
#pragma unroll
    for (int i = 0; i < 4; i++) {
      float part[8];
#pragma unroll
      for (int q = 0; q < 8; q++) part[q] = ((q < 4 ? codes.x : codes.y) >> (8 * (q & 3)) & 255) == i ? v[q] : 0;
      long pixel = (static_cast<long>(p.image) * 2 * h + 2 * p.y + (i >> 1)) * (2 * w) + 2 * p.x + (i & 1);
      store8<E>(dx + pixel * n + column, part);
    }
  }
  __device__ __forceinline__ void column_sums(int part, int column, const float (&sum)[1]) {
    if (columnSums) columnSums[static_cast<long>(part) * n + column] = sum[0];
  }
};

/* dx = c + addend, zero where the activation is not positive: one more part of the gradient of a value that others read too, at
 * every scale-th pixel of a larger image. Column sums of dx, and where x is given those of dx (x - around) beside them. */
template <class E>
struct Join {
  static constexpr int ROWS = 1;
  static constexpr bool WINDOWS = false, MUCH = true;
  static constexpr int SUMS = 2;
  typename E::Value* dx;
  const typename E::Value *addend, *activation, *x;  // like dx, or null; addend may be dx
  const float* around;                               // [n]
  float* columnSums;                                 // [ceil(m / PART), n], with x [ceil(m / PART), 2, n], or null
  int n, h, w, scale, offsetY, offsetX;
  PixelGrid grid;
  Fetched<E> others, activations, inputs;
  float middle[8];
  __device__ Join(typename E::Value* dx, const typename E::Value* addend, const typename E::Value* activation,
                  const typename E::Value* x, const float* around, float* columnSums, int n, int h, int w, int scale,
                  int offsetY, int offsetX)
      : dx(dx), addend(addend), activation(activation), x(x), around(around), columnSums(columnSums), n(n), h(h), w(w),
        scale(scale), offsetY(offsetY), offsetX(offsetX), grid(h, w) {}

  __device__ __forceinline__ long place(int m, int column) const {
    long pixel = m;
    if (scale > 1) {
      Pixel p = grid.at(m);
      pixel = (static_cast<long>(p.image) * h * scale + p.y * scale + offsetY) * (w * scale) + p.x * scale + offsetX;
    }
    return pixel * n + column;
  }
  __device__ __forceinline__ void begin(int column) {
#pragma unroll
    for (int q = 0; q < 8; q++) middle[q] = x ? around[column + q] : 0;
  }
  __device__ __forceinline__ void fetch(int slot, int m, int column) {
    long at = place(m, column);
    if (addend) others.fetch_writable(slot, addend + at);
    if (activation) activations.fetch(slot, activation + at);
    if (x) inputs.fetch(slot, x + at);
  }
  __device__ __forceinline__ void apply(int slot, int m, int column, const float* c, int local, int, float (&sums)[16]) {
    long at = place(m, column);
    float v[8], a[8], in[8];
    if (x) inputs.read(slot, in);
    read8(v, c, local);
    if (addend) {
      others.read(slot, a);
#pragma unroll
      for (int q = 0; q < 8; q++) v[q] += a[q];
    }
    if (activation) {
      activations.read(slot, a);
#pragma unroll
      for (int q = 0; q < 8; q++) v[q] = a[q] > 0 ? v[q] : 0;
    }
#pragma unroll
    for (int q = 0; q < 8; q++) {
      sums[q] += v[q];
      if (x) sums[8 + q] += v[q] * (in[q] - middle[q]);
    }
    store8<E>(dx + at, v);
  }
  __device__ __forceinline__ void column_sums(int part, int column, const float (&sum)[2]) {
    if (!columnSums) return;
    float* to = columnSums + static_cast<long>(part) * (x ? 2 * n : n) + column;
    to[0] = sum[0];
    if (x) to[n] = sum[1];
  }
};
