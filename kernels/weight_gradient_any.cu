/* weight_gradient_T_any: weight_gradient.cu's sums for any numbers of channels and every type. All as there.
 * needs   nothing
 * launch  grid (ceil(Kh Kw Ci / 64), ceil(Co / 64), ceil(N Gh Gw / share)), block 256
 * cost    2 N Gh Gw Kh Kw Ci Co flop
 * proof   CudaBackendTest (the backend contract)
 */
#include "parts.cuh"
#include "types.cuh"

constexpr int THREADS = 256, TILE = 64;

template <typename T>
__device__ void weight_gradient_any(const T *x, const T *d, float *ws, float *wsBias, int N, int Hi, int Wi, int Ci,
                                    int Gh, int Gw, int Co, int Kh, int Kw, int s, int oy, int ox, Cuts cuts,
                                    int first) {
    constexpr int DEPTH = 16, ROW = TILE + 4;
    __shared__ __align__(16) float sa[DEPTH][ROW], sb[DEPTH][ROW];
    const int k0 = blockIdx.x * TILE, n0 = blockIdx.y * TILE;
    const int K = Kh * Kw * Ci, M = N * Gh * Gw;
    const int from = max(first, (int)blockIdx.z * cuts.share), to = min(M, ((int)blockIdx.z + 1) * cuts.share);
    const int r = threadIdx.x / 16 * 4, c = threadIdx.x % 16 * 4;

    const int column = threadIdx.x % TILE; // this thread loads one column of four pixels
    const int k = k0 + column, tap = k / Ci, ci = k % Ci;
    for (int begin = from, part = cuts.part(from), end; begin < to; begin = end, part++) {
        end = cuts.end(begin, to);
        float acc[4][4] = {}, sum = 0;
        for (int m0 = begin; m0 < end; m0 += DEPTH) {
            for (int l = 0; l < 4; l++) {
                const int at = threadIdx.x / TILE + 4 * l, m = m0 + at;
                const int y = m / Gw % Gh * s + oy + tap / Kw, xx = m % Gw * s + ox + tap % Kw;
                const bool inside = m < end && k < K && (unsigned)y < (unsigned)Hi && (unsigned)xx < (unsigned)Wi;
                sa[at][column] = inside ? get(x[(((size_t)(m / Gw / Gh) * Hi + y) * Wi + xx) * Ci + ci]) : 0.f;
                sb[at][column] = m < end && n0 + column < Co ? get(d[(size_t)m * Co + n0 + column]) : 0.f;
            }
            __syncthreads();
#pragma unroll
            for (int e = 0; e < DEPTH; e++) {
                float a[4], b[4];
                *reinterpret_cast<float4 *>(a) = *reinterpret_cast<const float4 *>(&sa[e][r]);
                *reinterpret_cast<float4 *>(b) = *reinterpret_cast<const float4 *>(&sb[e][c]);
#pragma unroll
                for (int i = 0; i < 4; i++)
#pragma unroll
                    for (int j = 0; j < 4; j++) acc[i][j] += a[i] * b[j];
                if (threadIdx.x < TILE) sum += sb[e][threadIdx.x];
            }
            __syncthreads();
        }
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++)
                if (k0 + r + i < K && n0 + c + j < Co)
                    ws[((size_t)part * K + k0 + r + i) * Co + n0 + c + j] = acc[i][j];
        if (wsBias && blockIdx.x == 0 && threadIdx.x < TILE && n0 + threadIdx.x < Co)
            wsBias[(size_t)part * Co + n0 + threadIdx.x] = sum;
    }
}

#define ENTRY(name, T)                                                                                               \
    KERNEL __launch_bounds__(THREADS, 4)                                                                             \
        weight_gradient_##name##_any(const T *x, const T *d, float *ws, float *wsBias, int N, int Hi, int Wi, int Ci, \
                                     int Gh, int Gw, int Co, int Kh, int Kw, int s, int oy, int ox, int share,        \
                                     int shard, int both, int first) {                                               \
        weight_gradient_any(x, d, ws, wsBias, N, Hi, Wi, Ci, Gh, Gw, Co, Kh, Kw, s, oy, ox, {share, shard, both},      \
                            first);                                                                                  \
    }
FOR_EACH_TYPE(ENTRY)
