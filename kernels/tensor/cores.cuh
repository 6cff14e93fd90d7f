/* Which core multiplies which tile: the best that the target architecture has. Thread counts do not depend on it. */
#pragma once
#include "fma_core.cuh"
#include "mma_core.cuh"
#include "wgmma_core.cuh"

/* 128 threads for matrix units, 256 for 128 x 128 in fp32. */
template <class E, int BM, int BN>
struct Rows {
  using Core = MmaRows<E, BM, BN, (BN >= 64 ? 2 : 4), (BN >= 64 ? 2 : 1)>;
};
template <class E, int BM, int BN>
struct Columns {
  using Core = MmaColumns<E, BM, BN, (BM < 64 ? 1 : BN >= 64 ? 2 : 4), (BM < 64 ? 4 : BN >= 64 ? 2 : 1)>;
};
template <int BM, int BN>
struct Rows<Fp32, BM, BN> {
  using Core = FmaRows<BM, BN, 8, (BN >= 64 ? 8 : 2)>;
};
template <int BM, int BN>
struct Columns<Fp32, BM, BN> {
  using Core = FmaColumns<BM, BN, (BM >= 64 && BN == 128 ? 8 : 4), (BN == 128 ? 8 : 4)>;
};

#ifdef BELAY_WGMMA
template <class E, int BM>
struct Rows<E, BM, 128> {
  using Core = WgmmaRows<E, BM>;
};
template <int BM>
struct Rows<Fp32, BM, 128> {
  using Core = FmaRows<BM, 128, 8, 8>;
};
template <>
struct Columns<Bf16, 128, 128> {
  using Core = WgmmaColumns<Bf16, 128>;
};
template <>
struct Columns<Fp16, 128, 128> {
  using Core = WgmmaColumns<Fp16, 128>;
};
#endif
