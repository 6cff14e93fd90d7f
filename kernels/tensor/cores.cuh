/* Which core multiplies which tile: the best that the target architecture has, with 128 threads or with 256, which wait half as long for
 * what surrounds the products. */
#pragma once
#include "mma_core.cuh"
#include "wgmma_core.cuh"
#include "wmma_core.cuh"

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800
template <class E, int BM, int BN, int THREADS = (BM == 256 ? 256 : 128)>
struct Rows {
  using Core = MmaRows<E, BM, BN, (BM == 256 ? 8 : 2), (BM == 256 ? 1 : THREADS / 64)>;
};
template <class E, int BM, int BN>
struct Columns {
  using Core = MmaColumns<E, BM, BN, (BM < 64 ? 1 : 2), (BM < 64 ? 4 : 2)>;
};
#else
template <class E, int BM, int BN, int THREADS = 128>
struct Rows {
  using Core = Wmma<BM, BN, true>;
};
template <class E, int BM, int BN>
struct Columns {
  using Core = Wmma<BM, BN, false>;
};
#endif

#ifdef BELAY_WGMMA
template <class E, int BM, int THREADS>
struct Rows<E, BM, 128, THREADS> {
  using Core = WgmmaRows<E, BM, 128, THREADS / 128>;
};
template <class E>
struct Rows<E, 64, 64, 128> {
  using Core = WgmmaRows<E, 64, 64>;
};
template <class E>
struct Rows<E, 128, 64, 128> {
  using Core = WgmmaRows<E, 128, 64>;
};
template <int BM>
struct Rows<Tf32x3, BM, 128, 128> {
  using Core = MmaRows<Tf32x3, BM, 128, 2, 2>;
};
template <>
struct Rows<Tf32x3, 64, 64, 128> {
  using Core = MmaRows<Tf32x3, 64, 64, 2, 2>;
};
template <>
struct Rows<Tf32x3, 128, 64, 128> {
  using Core = MmaRows<Tf32x3, 128, 64, 2, 2>;
};
template <>
struct Columns<Bf16, 128, 128> {
  using Core = WgmmaColumns<Bf16, 128, 128>;
};
template <>
struct Columns<Bf16, 64, 128> {
  using Core = WgmmaColumns<Bf16, 64, 128>;
};
template <>
struct Columns<Bf16, 128, 64> {
  using Core = WgmmaColumns<Bf16, 128, 64>;
};
template <>
struct Columns<Fp16, 128, 128> {
  using Core = WgmmaColumns<Fp16, 128, 128>;
};
template <>
struct Columns<Fp16, 64, 128> {
  using Core = WgmmaColumns<Fp16, 64, 128>;
};
template <>
struct Columns<Fp16, 128, 64> {
  using Core = WgmmaColumns<Fp16, 128, 64>;
};
#endif
