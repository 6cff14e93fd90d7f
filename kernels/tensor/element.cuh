/* Number formats of activations and kernels: how to round, how to widen, and the matrix instruction.
 *
 * A tensor-core step multiplies 32 bytes of K: 16 values of bf16 or fp16 (m16n8k16), 8 of tf32 (m16n8k8).
 * In bytes the fragments of all three are alike, so one loop serves them. Sums are always fp32.
 * source  PTX ISA, "Matrix multiply-accumulate operation using mma instruction"
 */
#pragma once
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <stdint.h>
#include <type_traits>

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
struct Bf16 {
  using Value = __nv_bfloat16;
  static constexpr bool BFLOAT = true;
  static constexpr int BYTES = 2;
  static __device__ __forceinline__ float widen(Value v) { return __bfloat162float(v); }
  static __device__ __forceinline__ Value round(float v) { return __float2bfloat16_rn(v); }
  static __device__ __forceinline__ uint32_t pack(float lo, float hi) {
    __nv_bfloat162 pair = __floats2bfloat162_rn(lo, hi);
    return *reinterpret_cast<uint32_t*>(&pair);
  }
  static __device__ __forceinline__ float2 unpack(uint32_t pair) {
    return __bfloat1622float2(*reinterpret_cast<__nv_bfloat162*>(&pair));
  }
  static __device__ __forceinline__ void mma(float (&d)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
#if __CUDA_ARCH__ >= 800
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3},{%4,%5,%6,%7},{%8,%9},{%0,%1,%2,%3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#endif
  }
};
#endif

struct Fp16 {
  using Value = __half;
  static constexpr bool BFLOAT = false;
  static constexpr int BYTES = 2;
  static __device__ __forceinline__ float widen(Value v) { return __half2float(v); }
  static __device__ __forceinline__ Value round(float v) { return __float2half_rn(v); }
  static __device__ __forceinline__ uint32_t pack(float lo, float hi) {
    __half2 pair = __floats2half2_rn(lo, hi);
    return *reinterpret_cast<uint32_t*>(&pair);
  }
  static __device__ __forceinline__ float2 unpack(uint32_t pair) {
    return __half22float2(*reinterpret_cast<__half2*>(&pair));
  }
  static __device__ __forceinline__ void mma(float (&d)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
#if __CUDA_ARCH__ >= 800
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3},{%4,%5,%6,%7},{%8,%9},{%0,%1,%2,%3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#endif
  }
};

/* fp32 as it is. */
struct Fp32 {
  using Value = float;
  static constexpr int BYTES = 4;
  static __device__ __forceinline__ float widen(Value v) { return v; }
  static __device__ __forceinline__ Value round(float v) { return v; }
};

/* Stored as fp32 already rounded to 10 bits of mantissa, so that the matrix unit has nothing to cut off. */
struct Tf32 {
  using Value = float;
  static constexpr int BYTES = 4;
  static __device__ __forceinline__ float widen(Value v) { return v; }
  static __device__ __forceinline__ Value round(float v) {
#if __CUDA_ARCH__ >= 800
    uint32_t bits;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(v));
    return __uint_as_float(bits);
#else
    return v;
#endif
  }
  static __device__ __forceinline__ void mma(float (&d)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
#if __CUDA_ARCH__ >= 800
    asm volatile(
        "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3},{%4,%5,%6,%7},{%8,%9},{%0,%1,%2,%3};"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#endif
  }
};

/* fp32 by the tf32 unit: x = hi + lo, x y = hi hi + hi lo + lo hi to about 21 bits, as accurate as fp32 sums are. Stored as fp32. */
struct Tf32x3 {
  using Value = float;
  static constexpr int BYTES = 4;
  static __device__ __forceinline__ float widen(Value v) { return v; }
  static __device__ __forceinline__ Value round(float v) { return v; }
};

/* A fragment of 32-bit registers as the matrix unit takes it: one part, or two for Tf32x3. */
template <class E, int N>
struct Operand {
  uint32_t hi[N];
  __device__ __forceinline__ explicit Operand(const uint32_t (&raw)[N]) {
#pragma unroll
    for (int i = 0; i < N; i++) hi[i] = raw[i];
  }
};
template <int N>
struct Operand<Tf32x3, N> {
  uint32_t hi[N], lo[N];
  __device__ __forceinline__ explicit Operand(const uint32_t (&raw)[N]) {
#pragma unroll
    for (int i = 0; i < N; i++) {
      float x = __uint_as_float(raw[i]), high = Tf32::round(x);
      hi[i] = __float_as_uint(high);
      lo[i] = __float_as_uint(x - high);
    }
  }
};

/* Four 16 x 8 tiles d += a b: two fragments of A by the two column tiles of b. */
template <class E>
__device__ __forceinline__ void multiply4(float (&d00)[4], float (&d01)[4], float (&d10)[4], float (&d11)[4],
                                          const Operand<E, 4>& top, const Operand<E, 4>& bottom, const Operand<E, 4>& b) {
  if constexpr (std::is_same<E, Tf32x3>::value) {
    // The matrix unit cuts sums off instead of rounding them: over thousands of steps that would cost two digits, so a step's
    // products have sums of their own. The small ones first.
    float s00[4] = {}, s01[4] = {}, s10[4] = {}, s11[4] = {};
    auto all = [&](const uint32_t(&t)[4], const uint32_t(&u)[4], const uint32_t(&v)[4]) {
      Tf32::mma(s00, t, v[0], v[1]);
      Tf32::mma(s01, t, v[2], v[3]);
      Tf32::mma(s10, u, v[0], v[1]);
      Tf32::mma(s11, u, v[2], v[3]);
    };
    all(top.lo, bottom.lo, b.hi);
    all(top.hi, bottom.hi, b.lo);
    all(top.hi, bottom.hi, b.hi);
#pragma unroll
    for (int q = 0; q < 4; q++) d00[q] += s00[q], d01[q] += s01[q], d10[q] += s10[q], d11[q] += s11[q];
  } else {
    E::mma(d00, top.hi, b.hi[0], b.hi[1]);
    E::mma(d01, top.hi, b.hi[2], b.hi[3]);
    E::mma(d10, bottom.hi, b.hi[0], b.hi[1]);
    E::mma(d11, bottom.hi, b.hi[2], b.hi[3]);
  }
}

/* The larger; a NaN passes, or a diverged run would look healthy. */
__device__ __forceinline__ float larger(float a, float b) {
#if __CUDA_ARCH__ >= 800
  float v;
  asm("max.NaN.f32 %0, %1, %2;" : "=f"(v) : "f"(a), "f"(b));
  return v;
#else
  return a > b || a != a ? a : b;
#endif
}

/* Pools four values: `best` becomes their maximum, the result the place of the first that equals it. */
__device__ __forceinline__ uint32_t first_maximum(float& best, float b, float c, float d) {
  uint32_t at = b > best ? 1 : 0;
  best = larger(best, b);
  at = c > best ? 2 : at;
  best = larger(best, c);
  at = d > best ? 3 : at;
  best = larger(best, d);
  return at;
}

/* Eight neighbouring channels, as 16-byte accesses: the unit of every epilogue. */
template <class E>
__device__ __forceinline__ void store8(typename E::Value* to, const float (&v)[8]) {
  if constexpr (E::BYTES == 2) {
    *reinterpret_cast<uint4*>(to) =
        make_uint4(E::pack(v[0], v[1]), E::pack(v[2], v[3]), E::pack(v[4], v[5]), E::pack(v[6], v[7]));
  } else {
    float4* out = reinterpret_cast<float4*>(to);
    out[0] = make_float4(E::round(v[0]), E::round(v[1]), E::round(v[2]), E::round(v[3]));
    out[1] = make_float4(E::round(v[4]), E::round(v[5]), E::round(v[6]), E::round(v[7]));
  }
}

/* Eight values as they lie in memory. */
template <class E>
__device__ __forceinline__ void widen8(float (&v)[8], const uint4 (&raw)[E::BYTES / 2]) {
  if constexpr (E::BYTES == 2) {
    uint32_t pairs[4] = {raw[0].x, raw[0].y, raw[0].z, raw[0].w};
#pragma unroll
    for (int i = 0; i < 4; i++) {
      float2 pair = E::unpack(pairs[i]);
      v[2 * i] = pair.x, v[2 * i + 1] = pair.y;
    }
  } else {
#pragma unroll
    for (int i = 0; i < 2; i++) {
      v[4 * i] = __uint_as_float(raw[i].x), v[4 * i + 1] = __uint_as_float(raw[i].y);
      v[4 * i + 2] = __uint_as_float(raw[i].z), v[4 * i + 3] = __uint_as_float(raw[i].w);
    }
  }
}
