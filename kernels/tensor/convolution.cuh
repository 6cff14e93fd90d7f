/* The one main loop of all forward and data-gradient convolutions: an implicit GEMM.
 *
 * C[m, n] = sum over tap (i, j), c of x[p s + oy + i, q s + ox + j, c] w[n, tap, c]; m runs over the pixels (p, q) of a grid, n
 * over output channels; x counts as zero outside the image. x [images, inH, inW, ca]; w [n, taps, ca] (K contiguous).
 * Ring of STAGES shared tiles filled by asynchronous copies; taps vary fastest in K, so that L1 serves their overlap.
 * An epilogue sees whole pixels of 8 channels from a fp32 copy of C in shared memory.
 * Neither a value of C nor a column sum depends on the tile: each of the former is a sum over K in one order, the latter are
 * made of PART pixels each, in one order too.
 * needs  ca % (16 / element bytes) == 0, n % 8 == 0, at most 32 taps
 * launch grid (ceil((M - first) / BM), ceil(n / BN), ...), block Core::THREADS, shared convolution_shared<...>
 * source implicit GEMM, Chetlur et al. 2014, arXiv:1410.0759
 */
#pragma once
#include "cores.cuh"

struct ConvolutionShape {
  int images, h, w;    // grid of GEMM rows
  int inH, inW, ca;    // input image
  int n;               // output channels
  int kh, kw, stride;  // taps and their place: pixel (p, q) begins at (p stride + oy, q stride + ox)
  int oy, ox;
  int first;  // row that the launch begins with, a multiple of PART where columns are summed
};

constexpr int BATCH = 8;  // rows whose activations an epilogue asks for together
constexpr int PART = 64, RESIDUES = 16;  // rows of a column sum, which adds them by their number modulo RESIDUES first

template <class Core, int STAGES>
__host__ __device__ constexpr int convolution_shared() {
#if __CUDA_ARCH__ < 800 && defined(__CUDA_ARCH__)
  int ring = (Core::BM + Core::BN) * Core::PITCH;  // no copies ahead: the next tile waits in registers
#else
  int ring = STAGES * (Core::BM + Core::BN) * Core::PITCH;
#endif
  int c = Core::BM * (Core::BN + 8) * 4;
  return ring > c ? ring : c;
}

/* Row m of a tile as a pixel: row-major, or whole 2x2 windows (4 rows each) for pooling. */
template <bool WINDOWS>
struct RowOrder {
  PixelGrid grid;
  __device__ RowOrder(int h, int w) : grid(WINDOWS ? h / 2 : h, WINDOWS ? w / 2 : w) {}
  __device__ __forceinline__ Pixel at(int m) const {
    if constexpr (WINDOWS) {
      Pixel window = grid.at(m >> 2);
      return {window.image, 2 * window.y + ((m >> 1) & 1), 2 * window.x + (m & 1)};
    } else {
      return grid.at(m);
    }
  }
};

template <class Core, class Epilogue>
__device__ __forceinline__ void finish_tile(Core& core, char* shared, int m0, int n0, int rows, int n,
                                            Epilogue& epilogue) {
  constexpr int PITCH = Core::BN + 8, CHUNKS = Core::BN / 8, STEP = Core::THREADS / CHUNKS;
  constexpr int ALL = Core::BM / Epilogue::ROWS, LEAST = PART / STEP < BATCH ? PART / STEP : BATCH;
  constexpr int TOGETHER = LEAST < ALL / STEP ? LEAST : ALL / STEP;
  constexpr int KINDS = Epilogue::SUMS, EACH = KINDS > 0 ? RESIDUES / STEP : 1;  // sums of a kind that a thread makes
  static_assert(KINDS == 0 || (TOGETHER * STEP == PART && RESIDUES % STEP == 0), "a part is what a thread applies together");
  static_assert(KINDS * EACH <= TOGETHER, "sums take the place of rows");
  float* c = reinterpret_cast<float*>(shared);
  int column = threadIdx.x % CHUNKS * 8, first = threadIdx.x / CHUNKS, top = m0 / Epilogue::ROWS;
  int height = n0 + column < n ? rows / Epilogue::ROWS - top : 0;  // rows of this tile that exist
  auto fetch = [&](int r) {
#pragma unroll
    for (int q = 0; q < TOGETHER; q++)
      if (r + q * STEP < height) epilogue.fetch(q, top + r + q * STEP, n0 + column);
  };
  if (height > 0) epilogue.begin(n0 + column);
  if constexpr (!Epilogue::MUCH) fetch(first);
  core.spill(c, PITCH);
  if constexpr (Epilogue::MUCH) fetch(first);
  __syncthreads();
#pragma unroll 1
  for (int r = first; r < ALL; r += TOGETHER * STEP) {
    float sums[EACH][KINDS > 0 ? 8 * KINDS : 8] = {};
#pragma unroll
    for (int q = 0; q < TOGETHER; q++) {
      int at = r + q * STEP;
      if (at < height) epilogue.apply(q, top + at, n0 + column, c + at * Epilogue::ROWS * PITCH, column, PITCH, sums[q % EACH]);
    }
    if (r + TOGETHER * STEP < ALL) fetch(r + TOGETHER * STEP);
    if constexpr (KINDS > 0) {
      // In place of rows that nobody but this thread has read.
#pragma unroll
      for (int i = 0; i < KINDS * EACH; i++) {
        const float* sum = sums[i % EACH] + i / EACH * 8;
        float* row = c + (r + i * STEP) * PITCH;
        *reinterpret_cast<float4*>(row + turned(column)) = make_float4(sum[0], sum[1], sum[2], sum[3]);
        *reinterpret_cast<float4*>(row + turned(column + 4)) = make_float4(sum[4], sum[5], sum[6], sum[7]);
      }
    }
  }
  if constexpr (KINDS > 0) {
    __syncthreads();
    for (int i = threadIdx.x; i < Core::BM / PART * Core::BN; i += Core::THREADS) {
      int at = i / Core::BN * PART, from = i % Core::BN;
      if (n0 + from >= n || m0 + at >= rows) continue;
      float sum[KINDS] = {};
#pragma unroll
      for (int r = 0; r < KINDS * RESIDUES; r++) sum[r / RESIDUES] += c[(at + r) * PITCH + turned(from)];
      epilogue.column_sums((m0 + at) / PART, n0 + from, sum);
    }
  }
}

template <class Core, int STAGES, class Epilogue>
__device__ __forceinline__ void convolve(const typename Core::Element::Value* __restrict__ x,
                                         const typename Core::Element::Value* __restrict__ w, ConvolutionShape s,
                                         Epilogue& epilogue) {
  constexpr int CH = 16 / Core::Element::BYTES, BK = 8 * CH;
  constexpr int STEP = Core::THREADS / 8, AROWS = Core::BM / STEP, BROWS = Core::BN / STEP;
  constexpr int STAGE = (Core::BM + Core::BN) * Core::PITCH;
  static_assert(STEP % 8 == 0 && Core::BM % STEP == 0 && Core::BN % STEP == 0, "tile and threads do not match");
  extern __shared__ __align__(1024) char shared[];
  uint32_t ring = shared_address(shared);

  const int taps = s.kh * s.kw;
  int chunk = threadIdx.x % 8, row = threadIdx.x / 8;
  int rows = s.images * s.h * s.w, m0 = s.first + blockIdx.x * Core::BM, n0 = blockIdx.y * Core::BN;
  RowOrder<Epilogue::WINDOWS> order(s.h, s.w);
  int base[AROWS];
  uint32_t valid[AROWS];  // a bit for each tap
#pragma unroll
  for (int i = 0; i < AROWS; i++) {
    int m = m0 + row + i * STEP;
    Pixel p = order.at(m);
    int y = p.y * s.stride + s.oy, xx = p.x * s.stride + s.ox;
    base[i] = ((p.image * s.inH + y) * s.inW + xx) * s.ca;
    uint32_t across = 0;
    for (int v = 0; v < s.kw; v++) across |= (static_cast<unsigned>(xx + v) < s.inW ? 1u : 0u) << v;
    valid[i] = 0;
    for (int u = 0; u < s.kh; u++)
      if (m < rows && static_cast<unsigned>(y + u) < s.inH) valid[i] |= across << (u * s.kw);
  }
  const auto* weight = w + static_cast<long>(n0 + row) * (taps * s.ca);
  int weightStep = STEP * taps * s.ca;

  // K runs over blocks of BK channels with the taps inside; with fewer channels, over tap and channel in one line.
  bool whole = s.ca % BK == 0;
  int tap = 0, u = 0, v = 0, c = chunk * CH;
  auto next_tap = [&] {
    tap++;
    if (++v == s.kw) v = 0, u++;
  };
  if (!whole)
    while (c >= s.ca) c -= s.ca, next_tap();
  uint32_t place = row * Core::PITCH + (Core::place(row, chunk) << 4);

  auto advance = [&] {
    if (whole) {
      next_tap();
      if (tap == taps) tap = u = v = 0, c += BK;
    } else {
      c += BK;
      while (c >= s.ca && tap < taps) c -= s.ca, next_tap();
    }
  };
  /* copy(offset in a stage, address, whether to read it, whether neighbours will read it again) for all of a stage */
  auto each_copy = [&](auto copy) {
    bool in = tap < taps && c < s.ca;
    const auto* from = x + ((u * s.inW + v) * s.ca + c);
#pragma unroll
    for (int i = 0; i < AROWS; i++) {
      bool ok = in && (valid[i] >> tap & 1);
      copy(i, place + i * STEP * Core::PITCH, ok ? from + base[i] : x, ok);
    }
    const auto* k = weight + tap * s.ca + c;
#pragma unroll
    for (int i = 0; i < BROWS; i++) {
      bool ok = in && n0 + row + i * STEP < s.n;
      copy(AROWS + i, place + (Core::BM + i * STEP) * Core::PITCH, ok ? k + i * weightStep : w, ok);
    }
    advance();
  };

  Core core;
  int blocks = (taps * s.ca + BK - 1) / BK;
#if __CUDA_ARCH__ >= 800
  auto load = [&](int slot) {
    uint32_t to = ring + slot * STAGE;
    each_copy([&](int i, uint32_t offset, const auto* from, bool ok) {
      if (i < AROWS) copy16(to + offset, from, ok);
      else stream16(to + offset, from, ok);
    });
  };
#pragma unroll
  for (int i = 0; i < STAGES - 1; i++) {
    if (i < blocks) load(i);
    copies_commit();
  }
  int slot = 0, next = STAGES - 1;
  for (int block = 0; block < blocks; block++) {
    copies_wait<STAGES - 2>();
    core.begin();
    __syncthreads();
    core.stage(ring + slot * STAGE, ring + slot * STAGE + Core::BM * ROW_BYTES);
    if (block + STAGES - 1 < blocks) load(next);
    copies_commit();
    core.finish();
    slot = slot + 1 == STAGES ? 0 : slot + 1;
    next = next + 1 == STAGES ? 0 : next + 1;
  }
  copies_wait<0>();
#else
  uint4 coming[AROWS + BROWS];
  auto fetch = [&] {
    each_copy([&](int i, uint32_t, const auto* from, bool ok) { coming[i] = read16(from, ok); });
  };
  fetch();
  for (int block = 0; block < blocks; block++) {
    __syncthreads();
#pragma unroll
    for (int i = 0; i < AROWS + BROWS; i++)
      store16(ring + place + (i < AROWS ? i * STEP : Core::BM + (i - AROWS) * STEP) * Core::PITCH, coming[i]);
    __syncthreads();
    if (block + 1 < blocks) fetch();
    core.stage(shared, shared + Core::BM * Core::PITCH);
  }
#endif
  __syncthreads();
  finish_tile(core, shared, m0, n0, rows, s.n, epilogue);
}
