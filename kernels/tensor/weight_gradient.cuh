/* The one main loop of weight gradients: sums[k, n] = sum over pixels (p, q) of a grid of x[p s + oy + i, q s + ox + j, c] d[p, q, n],
 * row k = (i kw + j) channels + c, x zero outside its image.
 *
 * K of this GEMM runs over pixels; both operands lie with K outermost. blockIdx.z takes `share` pixels and writes a part, and
 * begins another where a shard begins (../parts.cuh); the copies run ahead across that border. Somebody adds the parts in
 * order: no atomics.
 * needs  channels and n multiples of (16 / element bytes)
 * launch grid (ceil(kh kw channels / BM), ceil(n / BN), ceil(pixels / share)), block Core::THREADS, shared gradient_shared<...>
 * source implicit GEMM, Chetlur et al. 2014, arXiv:1410.0759
 */
#pragma once
#include "cores.cuh"
#include "parts.cuh"

struct GradientShape {
  int images, inH, inW, channels;  // x
  int h, w, n;                     // d: the grid of pixels and its channels
  int kh, kw, stride, oy, ox;
  Cuts cuts;  // of pixels into parts, a share a multiple of Core::BK
  int first;  // pixel, where a shard begins: those before it are not this launch's
};

/* Bytes of a shared tile [BK][COLUMNS]: blocks of 128-byte rows, the last one perhaps half empty. */
template <class Core, int COLUMNS>
__host__ __device__ constexpr int columns_bytes() {
  return (COLUMNS * Core::Element::BYTES + ROW_BYTES - 1) / ROW_BYTES * Core::BLOCK;
}

template <class Core, int STAGES>
__host__ __device__ constexpr int gradient_shared() {
  int stage = columns_bytes<Core, Core::BM>() + columns_bytes<Core, Core::BN>();
#if __CUDA_ARCH__ < 800 && defined(__CUDA_ARCH__)
  int c = Core::BM * (Core::BN + 8) * 4;  // no copies ahead, but the sums go through shared memory
  return stage > c ? stage : c;
#else
  return STAGES * stage;
#endif
}

template <class Core>
__device__ __forceinline__ void store_part(const Core& core, float* part, int m0, int n0, int m, int n) {
#if __CUDA_ARCH__ < 800
  // Nobody knows which values of a wmma tile a thread holds.
  extern __shared__ __align__(1024) char shared[];
  float* c = reinterpret_cast<float*>(shared);
  core.spill(c, Core::BN + 8);
  __syncthreads();
  for (int i = threadIdx.x; i < Core::BM * Core::BN; i += Core::THREADS) {
    int row = i / Core::BN, column = i % Core::BN;
    if (m0 + row < m && n0 + column < n) part[static_cast<long>(m0 + row) * n + n0 + column] = c[row * (Core::BN + 8) + column];
  }
#else
  core.each([=](int row, int column, float v, float w) {
    if (m0 + row < m && n0 + column < n)
      *reinterpret_cast<float2*>(part + static_cast<long>(m0 + row) * n + n0 + column) = make_float2(v, w);
  });
#endif
}

/* Copies BK pixels of COLUMNS columns from column0 on; with GATHERED, each chunk of columns has its own tap. */
template <class Core, int COLUMNS, bool GATHERED>
struct PixelColumns {
  using Value = typename Core::Element::Value;
  static constexpr int CH = 16 / Core::Element::BYTES, CHUNKS = COLUMNS / CH, STEP = Core::THREADS / CHUNKS;
  static constexpr int ROWS = (Core::BK + STEP - 1) / STEP;
  const Value* from;
  int channels, h, w, stride, dy, dx, chunk, row;
  bool inside;
  bool rowsFit;  // a tile is whole rows of one image, and a thread's pixels lie STEP apart in them: little is left to compute
  int perRow;    // log2 of how many of a thread's pixels share a row
  uint32_t place;
  PixelGrid grid;

  __device__ PixelColumns(const Value* from, int column0, GradientShape s)
      : channels(GATHERED ? s.channels : s.n), h(s.inH), w(s.inW), stride(s.stride), chunk(threadIdx.x % CHUNKS),
        row(threadIdx.x / CHUNKS), grid(s.h, s.w) {
    int column = column0 + chunk * CH, tap = GATHERED ? column / channels : 0;
    this->from = from + (column - tap * channels);
    inside = tap < (GATHERED ? s.kh * s.kw : 1) && column - tap * channels < channels;
    dy = tap / s.kw + s.oy;
    dx = tap % s.kw + s.ox;
    place = (chunk / 8) * Core::BLOCK;
    rowsFit = GATHERED && s.h * s.w % Core::BK == 0 && Core::BK % s.w == 0 && s.w % STEP == 0;
    perRow = rowsFit ? 31 - __clz(s.w / STEP) : 0;
  }
  /* copy(i, offset in the tile, address, whether to read it) for this thread's share */
  template <class Copy>
  __device__ __forceinline__ void each_copy(int p0, int end, const Value* anywhere, Copy copy) const {
    static_assert(Core::BK % STEP == 0, "every thread copies whole rows' chunks");
    auto put = [&](int i, int at, bool ok) {
      int k = row + i * STEP;
      copy(i, place + k * Core::PITCH + (Core::place(k, chunk % 8) << 4), ok ? from + static_cast<long>(at) * channels : anywhere, ok);
    };
    if (rowsFit) {
      Pixel first = grid.at(p0);
      int top = first.y * stride + dy, left = row * stride + dx, origin = (first.image * h + top) * w + left;
#pragma unroll
      for (int i = 0; i < ROWS; i++) {
        int down = (i >> perRow) * stride, right = (i & ((1 << perRow) - 1)) * STEP * stride;
        bool ok = inside && p0 < end && static_cast<unsigned>(top + down) < h && static_cast<unsigned>(left + right) < w;
        put(i, origin + down * w + right, ok);
      }
      return;
    }
#pragma unroll
    for (int i = 0; i < ROWS; i++) {
      int p = p0 + row + i * STEP, at = p;
      bool ok = inside && p < end;
      if constexpr (GATHERED) {
        Pixel pixel = grid.at(p);
        int y = pixel.y * stride + dy, x = pixel.x * stride + dx;
        ok = ok && static_cast<unsigned>(y) < h && static_cast<unsigned>(x) < w;
        at = (pixel.image * h + y) * w + x;
      }
      put(i, at, ok);
    }
  }
};

template <class Core, int STAGES>
__device__ __forceinline__ void gradient_of_weights(float* parts, const typename Core::Element::Value* __restrict__ x,
                                                    const typename Core::Element::Value* __restrict__ d,
                                                    GradientShape s) {
  constexpr int A = columns_bytes<Core, Core::BM>(), STAGE = A + columns_bytes<Core, Core::BN>();
  extern __shared__ __align__(1024) char shared[];
  uint32_t ring = shared_address(shared);
  int m0 = blockIdx.x * Core::BM, n0 = blockIdx.y * Core::BN, m = s.kh * s.kw * s.channels;
  PixelColumns<Core, Core::BM, true> left(x, m0, s);
  PixelColumns<Core, Core::BN, false> right(d, n0, s);

  int from = max(s.first, static_cast<int>(blockIdx.z) * s.cuts.share);
  int to = min(s.images * s.h * s.w, (static_cast<int>(blockIdx.z) + 1) * s.cuts.share);
  if (from >= to) return;
  Slabs<Core::BK> ahead(s.cuts, from, to);  // those that nobody has asked for
  Core core;
#if __CUDA_ARCH__ >= 800
  auto load = [&](int slot) {
    if (ahead.more()) {
      uint32_t at = ring + slot * STAGE;
      left.each_copy(ahead.at, ahead.end, x, [&](int, uint32_t place, const auto* from, bool ok) { stream16(at + place, from, ok); });
      right.each_copy(ahead.at, ahead.end, d, [&](int, uint32_t place, const auto* from, bool ok) { stream16(at + A + place, from, ok); });
      ahead.next();
    }
    copies_commit();
  };
#pragma unroll
  for (int i = 0; i < STAGES - 1; i++) load(i);
  int slot = 0;
#else
  uint4 a[decltype(left)::ROWS], b[decltype(right)::ROWS];
  auto fetch = [&] {
    if (!ahead.more()) return;
    left.each_copy(ahead.at, ahead.end, x, [&](int i, uint32_t, const auto* from, bool ok) { a[i] = read16(from, ok); });
    right.each_copy(ahead.at, ahead.end, d, [&](int i, uint32_t, const auto* from, bool ok) { b[i] = read16(from, ok); });
    ahead.next();
  };
  fetch();
#endif
  for (int begin = from, end; begin < to; begin = end) {
    end = s.cuts.end(begin, to);
    core.clear();
    for (int at = begin; at < end; at += Core::BK) {
#if __CUDA_ARCH__ >= 800
      copies_wait<STAGES - 2>();
      core.begin();
      __syncthreads();
      core.stage(ring + slot * STAGE, ring + slot * STAGE + A);
      load(slot == 0 ? STAGES - 1 : slot - 1);
      core.finish();
      slot = slot + 1 == STAGES ? 0 : slot + 1;
#else
      __syncthreads();
      left.each_copy(0, 0, x, [&](int i, uint32_t at, const auto*, bool) { store16(ring + at, a[i]); });
      right.each_copy(0, 0, d, [&](int i, uint32_t at, const auto*, bool) { store16(ring + A + at, b[i]); });
      __syncthreads();
      fetch();
      core.stage(shared, shared + A);
#endif
    }
#if __CUDA_ARCH__ < 800
    __syncthreads();
#endif
    store_part(core, parts + static_cast<long>(s.cuts.part(end - 1)) * m * s.n, m0, n0, m, s.n);
  }
#if __CUDA_ARCH__ >= 800
  copies_wait<0>();
#endif
}
