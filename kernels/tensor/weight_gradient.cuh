/* The one main loop of weight gradients: for each tap, dw[m, n] = sum over pixels p of a[p (+ tap), m] b[p (+ tap), n].
 *
 * K runs over pixels of a grid [images, h, w]; both operands lie with K outermost. Plain convolution: a = x is shifted by the
 * tap, b = dy. Upsampled: b = dy of the large image at (2y - 1 + u, 2x - 1 + v), a = x. blockIdx.z takes one of gridDim.z
 * equal ranges of K and writes its own part [gridDim.z, taps, m, n]; reduce.cu adds the parts in order: no atomics.
 * needs  m and n multiples of (16 / element bytes)
 * launch grid (ceil(m / BM) ceil(n / BN), taps, parts), block Core::THREADS, shared gradient_shared<...>
 * source implicit GEMM, Chetlur et al. 2014, arXiv:1410.0759
 */
#pragma once
#include "cores.cuh"

struct GradientShape {
  int images, h, w;  // pixels that K runs over
  int m, n;          // channels of a and b
};

/* Bytes of a shared tile [BK][COLUMNS]: blocks of 128-byte rows, the last one perhaps half empty. */
template <class Core, int COLUMNS>
__host__ __device__ constexpr int columns_bytes() {
  return (COLUMNS * Core::Element::BYTES + ROW_BYTES - 1) / ROW_BYTES * Core::BLOCK;
}

template <class Core, int STAGES>
__host__ __device__ constexpr int gradient_shared() {
  return STAGES * (columns_bytes<Core, Core::BM>() + columns_bytes<Core, Core::BN>());
}

template <class Core>
__device__ __forceinline__ void store_part(const Core& core, float* part, int m0, int n0, int m, int n) {
  core.each([=](int row, int column, float v, float w) {
    if (m0 + row < m && n0 + column < n)
      *reinterpret_cast<float2*>(part + static_cast<long>(m0 + row) * n + n0 + column) = make_float2(v, w);
  });
}

/* Copies BK pixels of COLUMNS channels from channel c0 on. STRIDE 2 reads the large image, shifted by (dy, dx). */
template <class Core, int COLUMNS, int STRIDE, bool SHIFTED>
struct PixelColumns {
  using Value = typename Core::Element::Value;
  static constexpr int CH = 16 / Core::Element::BYTES, CHUNKS = COLUMNS / CH, STEP = Core::THREADS / CHUNKS;
  static constexpr int ROWS = (Core::BK + STEP - 1) / STEP;
  const Value* from;
  int channels, h, w, dy, dx, pixels, chunk, row;
  bool inside;
  uint32_t place;
  PixelGrid grid;

  __device__ PixelColumns(const Value* from, int channels, int c0, GradientShape s, int dy, int dx)
      : channels(channels), h(s.h * STRIDE), w(s.w * STRIDE), dy(dy), dx(dx), pixels(s.images * s.h * s.w),
        chunk(threadIdx.x % CHUNKS), row(threadIdx.x / CHUNKS), grid(s.h, s.w) {
    this->from = from + c0 + chunk * CH;
    inside = c0 + chunk * CH < channels;
    place = (chunk / 8) * Core::BLOCK;
  }
  __device__ __forceinline__ void load(uint32_t tile, int p0, const Value* anywhere) const {
#pragma unroll
    for (int i = 0; i < ROWS; i++) {
      int k = row + i * STEP, p = p0 + k;
      bool ok = inside && p < pixels;
      int at = p;
      if constexpr (SHIFTED) {
        Pixel pixel = grid.at(p);
        int y = pixel.y * STRIDE + dy, x = pixel.x * STRIDE + dx;
        ok = ok && static_cast<unsigned>(y) < h && static_cast<unsigned>(x) < w;
        at = (pixel.image * h + y) * w + x;
      }
      if (Core::BK % STEP == 0 || k < Core::BK)
        stream16(tile + place + k * ROW_BYTES + (Core::place(k, chunk % 8) << 4),
                 ok ? from + static_cast<long>(at) * channels : anywhere, ok);
    }
  }
};

template <class Core, int TAPS_WIDE, bool UPSAMPLED, int STAGES>
__device__ __forceinline__ void gradient_of_weights(float* parts, const typename Core::Element::Value* __restrict__ a,
                                                    const typename Core::Element::Value* __restrict__ b,
                                                    GradientShape s) {
  constexpr int A = columns_bytes<Core, Core::BM>(), STAGE = A + columns_bytes<Core, Core::BN>();
  extern __shared__ __align__(1024) char shared[];
  uint32_t ring = shared_address(shared);
  int tiles = (s.n + Core::BN - 1) / Core::BN, tap = blockIdx.y;
  int m0 = blockIdx.x / tiles * Core::BM, n0 = blockIdx.x % tiles * Core::BN;
  int dy = tap / TAPS_WIDE - 1, dx = tap % TAPS_WIDE - 1;
  PixelColumns<Core, Core::BM, 1, !UPSAMPLED> left(a, s.m, m0, s, dy, dx);
  PixelColumns<Core, Core::BN, (UPSAMPLED ? 2 : 1), UPSAMPLED> right(b, s.n, n0, s, dy, dx);

  long all = (static_cast<long>(s.images) * s.h * s.w + Core::BK - 1) / Core::BK;
  int first = all * blockIdx.z / gridDim.z, blocks = static_cast<int>(all * (blockIdx.z + 1) / gridDim.z) - first;
  auto load = [&](int block, int slot) {
    left.load(ring + slot * STAGE, (first + block) * Core::BK, a);
    right.load(ring + slot * STAGE + A, (first + block) * Core::BK, b);
  };

  Core core;
#pragma unroll
  for (int i = 0; i < STAGES - 1; i++) {
    if (i < blocks) load(i, i);
    copies_commit();
  }
  int slot = 0, next = STAGES - 1;
  for (int block = 0; block < blocks; block++) {
    copies_wait<STAGES - 2>();
    core.begin();
    __syncthreads();
    core.stage(ring + slot * STAGE, ring + slot * STAGE + A);
    if (block + STAGES - 1 < blocks) load(block + STAGES - 1, next);
    copies_commit();
    core.finish();
    slot = slot + 1 == STAGES ? 0 : slot + 1;
    next = next + 1 == STAGES ? 0 : next + 1;
  }
  copies_wait<0>();
  float* part = parts + (static_cast<long>(blockIdx.z) * gridDim.y + tap) * s.m * s.n;
  store_part(core, part, m0, n0, s.m, s.n);
}
