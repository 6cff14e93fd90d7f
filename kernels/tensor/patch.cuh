/* The first layer sees 27 values a pixel at most: column k = tap * channels + channel of a 3x3 patch, zeros up to 32. */
#pragma once
#include "element.cuh"
#include "memory.cuh"

constexpr int PATCH = 32;

/* Values k0 .. k0 + 16 / BYTES - 1 of the patch around pixel p, as one 16-byte chunk. image [images, h, w, 4] float */
template <class E>
__device__ __forceinline__ uint4 patch_chunk(const float* image, Pixel p, int h, int w, int channels, int k0) {
  constexpr int CH = 16 / E::BYTES;
  float v[CH];
#pragma unroll
  for (int q = 0; q < CH; q++) {
    int k = k0 + q, tap = channels == 3 ? k / 3 : k / channels;
    int c = k - tap * channels, y = p.y + tap / 3 - 1, x = p.x + tap % 3 - 1;
    bool ok = tap < 9 && static_cast<unsigned>(y) < h && static_cast<unsigned>(x) < w;
    v[q] = ok ? __ldg(image + ((static_cast<long>(p.image) * h + y) * w + x) * 4 + c) : 0;
  }
  if constexpr (E::BYTES == 2) {
    return make_uint4(E::pack(v[0], v[1]), E::pack(v[2], v[3]), E::pack(v[4], v[5]), E::pack(v[6], v[7]));
  } else {
    return make_uint4(__float_as_uint(E::round(v[0])), __float_as_uint(E::round(v[1])),
                      __float_as_uint(E::round(v[2])), __float_as_uint(E::round(v[3])));
  }
}

__device__ __forceinline__ void store16(uint32_t at, uint4 v) {
  asm volatile("st.shared.v4.u32 [%0], {%1,%2,%3,%4};" ::"r"(at), "r"(v.x), "r"(v.y), "r"(v.z), "r"(v.w) : "memory");
}
