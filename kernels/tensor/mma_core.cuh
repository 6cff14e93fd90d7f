/* Block tiles C[BM,BN] += A B by warp-wide matrix instructions (mma.sync, sm_80 and later).
 *
 * MmaRows reads operands with K contiguous: tiles A[BM][128 bytes of K], B[BN][128 bytes of K] (forward, data gradient).
 * MmaColumns reads operands with K outermost: A[BK][BM], B[BK][BN] in blocks of 128-byte rows (weight gradient).
 * Fragments (lane = 4 g + t): C holds rows g and g + 8, columns 2t and 2t + 1 of every 16 x 8 tile.
 */
#pragma once
#include "element.cuh"
#include "memory.cuh"

template <class E, int BM, int BN, int WM, int WN>
struct MmaAccumulators {
  using Element = E;
  static constexpr int THREADS = 32 * WM * WN, MI = BM / WM / 16, NI = BN / WN / 8;
  float acc[MI][NI][4];

  __device__ __forceinline__ MmaAccumulators() { clear(); }
  __device__ __forceinline__ void clear() {
#pragma unroll
    for (int i = 0; i < MI; i++)
#pragma unroll
      for (int j = 0; j < NI; j++)
#pragma unroll
        for (int q = 0; q < 4; q++) acc[i][j][q] = 0;
  }
  static __device__ __forceinline__ int lane() { return threadIdx.x & 31; }
  static __device__ __forceinline__ int row0() { return (threadIdx.x / 32) / WN * (16 * MI); }
  static __device__ __forceinline__ int column0() { return (threadIdx.x / 32) % WN * (8 * NI); }

  /* One step of K: raw fragments of A, and load(j, fragment) for each pair of column tiles. */
  template <class Load>
  __device__ __forceinline__ void multiply_columns(const uint32_t (&raw)[MI][4], Load load) {
    if constexpr (std::is_same<E, Tf32x3>::value) {
#pragma unroll
      for (int j = 0; j < NI / 2; j++) {
        uint32_t fb[4];
        load(j, fb);
        Operand<E, 4> b(fb);
        // Four tiles in turn, so that no product waits for the one before; more would not fit the registers.
#pragma unroll
        for (int i = 0; i < MI; i += 2) {
          Operand<E, 4> top(raw[i]), bottom(raw[i + 1]);
          multiply4(acc[i][2 * j], acc[i][2 * j + 1], acc[i + 1][2 * j], acc[i + 1][2 * j + 1], top, bottom, b);
        }
      }
    } else {
      uint32_t fb[NI / 2][4];
#pragma unroll
      for (int j = 0; j < NI / 2; j++) load(j, fb[j]);
#pragma unroll
      for (int i = 0; i < MI; i++)
#pragma unroll
        for (int j = 0; j < NI; j++) E::mma(acc[i][j], raw[i], fb[j / 2][2 * (j & 1)], fb[j / 2][2 * (j & 1) + 1]);
    }
  }

  /* C to shared memory, row-major with the given pitch, columns turned (memory.cuh). */
  __device__ __forceinline__ void spill(float* c, int pitch) const {
    each([=](int row, int column, float v, float w) {
      *reinterpret_cast<float2*>(c + row * pitch + turned(column)) = make_float2(v, w);
    });
  }
  /* put(row, column, value, value of the next column) */
  template <class Put>
  __device__ __forceinline__ void each(Put put) const {
    int g = lane() >> 2, t = lane() & 3;
#pragma unroll
    for (int i = 0; i < MI; i++)
#pragma unroll
      for (int j = 0; j < NI; j++) {
        int row = row0() + 16 * i + g, column = column0() + 8 * j + 2 * t;
        put(row, column, acc[i][j][0], acc[i][j][1]);
        put(row + 8, column, acc[i][j][2], acc[i][j][3]);
      }
  }
};

template <class E, int BM_, int BN_, int WM, int WN>
struct MmaRows : MmaAccumulators<E, BM_, BN_, WM, WN> {
  static constexpr int BM = BM_, BN = BN_, PITCH = ROW_BYTES;
  static __device__ __forceinline__ int place(int row, int chunk) { return chunk ^ (row & 7); }
  using Base = MmaAccumulators<E, BM, BN, WM, WN>;
  using Base::MI;

  template <int STEPS = 4>
  __device__ __forceinline__ void stage(uint32_t a, uint32_t b) {
    int lane = Base::lane(), key = lane & 7;
    uint32_t rows = a + (Base::row0() + (lane & 15)) * ROW_BYTES;
    uint32_t columns = b + (Base::column0() + (lane & 7) + ((lane >> 4) << 3)) * ROW_BYTES;
#pragma unroll(std::is_same<E, Tf32x3>::value ? 1 : STEPS)  // registers
    for (int step = 0; step < STEPS; step++) {
      uint32_t pa = ((2 * step + (lane >> 4)) ^ key) << 4, pb = ((2 * step + ((lane >> 3) & 1)) ^ key) << 4;
      uint32_t raw[MI][4];
#pragma unroll
      for (int i = 0; i < MI; i++) load_matrices(raw[i], rows + i * 16 * ROW_BYTES + pa);
      multiply_columns(raw, [&](int j, uint32_t(&fb)[4]) { load_matrices(fb, columns + j * 16 * ROW_BYTES + pb); });
    }
  }
  __device__ __forceinline__ void begin() {}
  __device__ __forceinline__ void finish() {}
};

/* 16-bit elements: ldmatrix transposes on the way. */
template <class E, int BM_, int BN_, int WM, int WN>
struct MmaColumns : MmaAccumulators<E, BM_, BN_, WM, WN> {
  static constexpr int BM = BM_, BN = BN_, BK = ROW_BYTES / E::BYTES, PITCH = ROW_BYTES;
  static constexpr int BLOCK = BK * ROW_BYTES;  // bytes of 64 columns
  using Base = MmaAccumulators<E, BM, BN, WM, WN>;
  using Base::MI;

  static __device__ __forceinline__ int place(int k, int chunk) { return chunk ^ (k & 7); }

  __device__ __forceinline__ void stage(uint32_t a, uint32_t b) {
    int lane = Base::lane(), r = lane & 7, q = lane >> 3;
    uint32_t ka = a + (((q >> 1) << 3) + r) * ROW_BYTES, kb = b + (((q & 1) << 3) + r) * ROW_BYTES;
#pragma unroll
    for (int step = 0; step < BK / 16; step++) {
      uint32_t raw[MI][4];
#pragma unroll
      for (int i = 0; i < MI; i++) {
        int chunk = Base::row0() / 8 + 2 * i + (q & 1);
        load_matrices_transposed(raw[i], ka + step * 16 * ROW_BYTES + (chunk >> 3) * BLOCK + (((chunk & 7) ^ r) << 4));
      }
      Base::multiply_columns(raw, [&](int j, uint32_t(&fb)[4]) {
        int chunk = Base::column0() / 8 + 2 * j + (q >> 1);
        load_matrices_transposed(fb, kb + step * 16 * ROW_BYTES + (chunk >> 3) * BLOCK + (((chunk & 7) ^ r) << 4));
      });
    }
  }
  __device__ __forceinline__ void begin() {}
  __device__ __forceinline__ void finish() {}
};

/* 32-bit elements: ldmatrix cannot transpose 32-bit values, so single words are read; rows k, k+1, k+2, k+3 are turned by two
 * chunks each, which spreads the 4 x 8 words of one read over all 32 banks. */
template <class E, int BM_, int BN_, int WM, int WN>
struct MmaWordColumns : MmaAccumulators<E, BM_, BN_, WM, WN> {
  static constexpr int BM = BM_, BN = BN_, BK = 32, PITCH = ROW_BYTES;
  static constexpr int BLOCK = BK * ROW_BYTES;  // bytes of 32 columns
  using Base = MmaAccumulators<E, BM, BN, WM, WN>;
  using Base::MI;

  static __device__ __forceinline__ int place(int k, int chunk) { return chunk ^ ((k & 3) << 1); }
  static __device__ __forceinline__ uint32_t word(int column, int t) {
    return (column >> 5) * BLOCK + ((((column >> 2) & 7) ^ (t << 1)) << 4) + (column & 3) * 4;
  }

  __device__ __forceinline__ void stage(uint32_t a, uint32_t b) {
    int g = Base::lane() >> 2, t = Base::lane() & 3;
    uint32_t ka = a + t * ROW_BYTES, kb = b + t * ROW_BYTES;
#pragma unroll
    for (int step = 0; step < BK / 8; step++) {
      uint32_t raw[MI][4];
#pragma unroll
      for (int i = 0; i < MI; i++) {
        uint32_t at = ka + step * 8 * ROW_BYTES + word(Base::row0() + 16 * i + g, t);
        uint32_t below = ka + step * 8 * ROW_BYTES + word(Base::row0() + 16 * i + 8 + g, t);
        raw[i][0] = load_word(at), raw[i][1] = load_word(below);
        raw[i][2] = load_word(at + 4 * ROW_BYTES), raw[i][3] = load_word(below + 4 * ROW_BYTES);
      }
      Base::multiply_columns(raw, [&](int j, uint32_t(&fb)[4]) {
        uint32_t at = kb + step * 8 * ROW_BYTES + word(Base::column0() + 16 * j + g, t);
        uint32_t right = kb + step * 8 * ROW_BYTES + word(Base::column0() + 16 * j + 8 + g, t);
        fb[0] = load_word(at), fb[1] = load_word(at + 4 * ROW_BYTES);
        fb[2] = load_word(right), fb[3] = load_word(right + 4 * ROW_BYTES);
      });
    }
  }
  __device__ __forceinline__ void begin() {}
  __device__ __forceinline__ void finish() {}
};

template <int BM, int BN, int WM, int WN>
struct MmaColumns<Tf32, BM, BN, WM, WN> : MmaWordColumns<Tf32, BM, BN, WM, WN> {};
template <int BM, int BN, int WM, int WN>
struct MmaColumns<Tf32x3, BM, BN, WM, WN> : MmaWordColumns<Tf32x3, BM, BN, WM, WN> {};
