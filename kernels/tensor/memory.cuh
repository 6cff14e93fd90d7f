/* Moving bytes: asynchronous 16-byte copies to shared memory, matrix loads, and index arithmetic.
 *
 * Every shared tile is rows of 128 bytes in eight 16-byte chunks; chunk c of row r lies at place c ^ (r & 7), so that
 * copies, ldmatrix and wgmma all read it without bank conflicts (it is wgmma's 128-byte swizzle).
 */
#pragma once
#include <stdint.h>

constexpr int ROW_BYTES = 128;

/* States the bytes of dynamic shared memory that a kernel is launched with, which must not be fewer than it needs. */
#define SHARED_BYTES(kernel, bytes, needed)   \
  constexpr int kernel##_shared = bytes;      \
  static_assert(needed <= kernel##_shared, "more shared memory than the kernel is launched with");

__device__ __forceinline__ uint32_t shared_address(const void* p) {
  return static_cast<uint32_t>(__cvta_generic_to_shared(p));
}

/* 16 bytes to shared memory, zeros where not valid; `from` must be mapped even then. L1 keeps the line: neighbouring
 * taps of a convolution read it again. */
__device__ __forceinline__ void copy16(uint32_t to, const void* from, bool valid) {
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.ca.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(from), "r"(valid ? 16 : 0));
#else
  uint4 v = valid ? *reinterpret_cast<const uint4*>(from) : make_uint4(0, 0, 0, 0);
  asm volatile("st.shared.v4.u32 [%0], {%1,%2,%3,%4};" ::"r"(to), "r"(v.x), "r"(v.y), "r"(v.z), "r"(v.w) : "memory");
#endif
}

/* Without asynchronous copies: 16 bytes, or zeros. */
__device__ __forceinline__ uint4 read16(const void* from, bool valid) {
  return valid ? __ldg(reinterpret_cast<const uint4*>(from)) : make_uint4(0, 0, 0, 0);
}

__device__ __forceinline__ void store16(uint32_t at, uint4 v) {
  asm volatile("st.shared.v4.u32 [%0], {%1,%2,%3,%4};" ::"r"(at), "r"(v.x), "r"(v.y), "r"(v.z), "r"(v.w) : "memory");
}

/* The same past L1, for what is read once. */
__device__ __forceinline__ void stream16(uint32_t to, const void* from, bool valid) {
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(from), "r"(valid ? 16 : 0));
#else
  copy16(to, from, valid);
#endif
}

__device__ __forceinline__ void copies_commit() {
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

template <int PENDING>
__device__ __forceinline__ void copies_wait() {
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.wait_group %0;" ::"n"(PENDING) : "memory");
#endif
}

__device__ __forceinline__ void load_matrices(uint32_t (&r)[4], uint32_t at) {
#if __CUDA_ARCH__ >= 750
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
               : "r"(at));
#endif
}

__device__ __forceinline__ void load_matrices_transposed(uint32_t (&r)[4], uint32_t at) {
#if __CUDA_ARCH__ >= 750
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
               : "r"(at));
#endif
}

__device__ __forceinline__ uint32_t load_word(uint32_t at) {
  uint32_t v;
  asm volatile("ld.shared.b32 %0, [%1];" : "=r"(v) : "r"(at));
  return v;
}

__device__ __forceinline__ float4 load_quad(uint32_t at) {
  float4 v;
  asm volatile("ld.shared.v4.f32 {%0,%1,%2,%3}, [%4];" : "=f"(v.x), "=f"(v.y), "=f"(v.z), "=f"(v.w) : "r"(at));
  return v;
}

/* Where column `column` of a row of C lies: every other 32 columns swap their quads pairwise, so that neighbouring threads,
 * which read 8 columns each in two quads, do not meet in a bank. */
__device__ __forceinline__ int turned(int column) {
#if __CUDA_ARCH__ >= 800
  return column ^ (column >> 3 & 4);
#else
  return column;  // wmma stores plain rows
#endif
}

/* Quotients by a divisor known at launch; exact while n * divisor < 2^32. */
struct Divisor {
  unsigned divisor, inverse;
  __device__ explicit Divisor(int d) : divisor(d), inverse(d == 1 ? 0 : 0xFFFFFFFFu / d + 1) {}
  __device__ __forceinline__ int quotient(int n) const { return divisor == 1 ? n : __umulhi(n, inverse); }
};

/* Pixel p of [images, h, w]. */
struct Pixel {
  int image, y, x;
};
struct PixelGrid {
  Divisor area, width;
  __device__ PixelGrid(int h, int w) : area(h * w), width(w) {}
  __device__ __forceinline__ Pixel at(int p) const {
    int image = area.quotient(p);
    int rest = p - image * area.divisor;
    int y = width.quotient(rest);
    return {image, y, rest - y * static_cast<int>(width.divisor)};
  }
};
