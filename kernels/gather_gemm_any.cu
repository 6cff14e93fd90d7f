/* gather_gemm_EPILOGUE_T_any: gather_gemm.cu's products for any numbers of channels and every type.
 * All as there, but for types other than f32 the weights lie across: w [z][Co][Kh Kw Ci].
 * needs   nothing (pool: Gh and Gw even)
 * launch  grid (ceil((N Gh Gw - first) / 64), ceil(Co / 64), 1 or 4), block 256
 * cost    2 N Gh Gw Kh Kw Ci Co flop a phase
 * linear_few_T: y[n][c] = bias[c] + sum of x[n][k] w(k, c) for the rows from `first` on, for few columns, as of a classifier's
 *         scores, which would not fill a tile: a warp makes a row. x [N,K], y [N,Co], Co <= 16, bias [Co] or null; w as above
 * launch  linear_few: grid ceil((N - first) / 8), block 256
 * proof   CudaBackendTest (the backend contract)
 */
#include "gather.cuh"
#include "warp_sum.cuh"

constexpr int THREADS = 256, TILE = 64;
constexpr int FEW = 16, ROWS = THREADS / 32; // columns at most, rows of a block

template <typename T> struct Across {
    static constexpr bool value = true;
};
template <> struct Across<float> {
    static constexpr bool value = false;
};

template <typename T, int EPILOGUE> __device__ __forceinline__ void gather_gemm_any(const Gather<T> &g) {
    constexpr int DEPTH = 16, ROW = TILE + 4;
    constexpr bool ACROSS = Across<T>::value;
    __shared__ __align__(16) float sa[DEPTH][ROW], sb[DEPTH][ROW];
    const int m0 = g.first + blockIdx.x * TILE, n0 = blockIdx.y * TILE, phase = blockIdx.z;
    const int K = g.Kh * g.Kw * g.Ci, M = g.N * g.Gh * g.Gw;
    const T *w = g.w + (size_t)phase * K * g.Co;
    const int r = threadIdx.x / 16 * 4, c = threadIdx.x % 16 * 4;

    const int k = threadIdx.x % DEPTH; // this thread loads column k of four rows
    Pixel at[4];
    for (int l = 0; l < 4; l++) at[l] = pixel<EPILOGUE>(g, m0 + threadIdx.x / DEPTH + 16 * l);
    float acc[4][4] = {};
    for (int k0 = 0; k0 < K; k0 += DEPTH) {
        const int tap = (k0 + k) / g.Ci, ci = (k0 + k) % g.Ci;
        for (int l = 0; l < 4; l++) {
            const int m = threadIdx.x / DEPTH + 16 * l;
            const int y = at[l].p * g.s + g.oy + (phase >> 1) * g.ps + tap / g.Kw;
            const int x = at[l].q * g.s + g.ox + (phase & 1) * g.ps + tap % g.Kw;
            const bool inside = k0 + k < K && m0 + m < M && (unsigned)y < (unsigned)g.Hi && (unsigned)x < (unsigned)g.Wi;
            sa[k][m] = inside ? get(g.x[(((size_t)at[l].n * g.Hi + y) * g.Wi + x) * g.Ci + ci]) : 0.f;
            const int kb = ACROSS ? k : threadIdx.x / TILE + 4 * l; // neighbours read neighbours
            const int nb = ACROSS ? m : threadIdx.x % TILE;
            const bool weight = k0 + kb < K && n0 + nb < g.Co;
            const size_t from = ACROSS ? (size_t)(n0 + nb) * K + k0 + kb : (size_t)(k0 + kb) * g.Co + n0 + nb;
            sb[kb][nb] = weight ? get(w[from]) : 0.f;
        }
        __syncthreads();
#pragma unroll
        for (int d = 0; d < DEPTH; d++) {
            float a[4], b[4];
            *reinterpret_cast<float4 *>(a) = *reinterpret_cast<const float4 *>(&sa[d][r]);
            *reinterpret_cast<float4 *>(b) = *reinterpret_cast<const float4 *>(&sb[d][c]);
#pragma unroll
            for (int i = 0; i < 4; i++)
#pragma unroll
                for (int j = 0; j < 4; j++) acc[i][j] += a[i] * b[j];
        }
        __syncthreads();
    }
    finish<false, EPILOGUE>(g, m0 + r, n0 + c, acc, phase);
}

/* Lanes take every 32nd k. */
template <typename T>
__device__ __forceinline__ void linear_few(const T *x, const T *w, const float *bias, T *y, int N, int K, int Co, int first) {
    const int lane = threadIdx.x % 32, n = first + blockIdx.x * ROWS + threadIdx.x / 32;
    float sums[FEW] = {};
    if (n < N)
        for (int k = lane; k < K; k += 32) {
            const float v = get(x[(size_t)n * K + k]);
#pragma unroll
            for (int c = 0; c < FEW; c++)
                if (c < Co) sums[c] += v * get(Across<T>::value ? w[(size_t)c * K + k] : w[(size_t)k * Co + c]);
        }
#pragma unroll
    for (int c = 0; c < FEW; c++) {
        const float sum = warp_sum(sums[c]);
        if (lane == c && c < Co && n < N) y[(size_t)n * Co + c] = as<T>(sum + (bias ? bias[c] : 0.f));
    }
}

#define ENTRY(type, T, name, EPILOGUE)                                                                               \
    KERNEL __launch_bounds__(THREADS) gather_gemm_##name##_##type##_any(GATHER_PARAMETERS(T)) {                      \
        gather_gemm_any<T, EPILOGUE>(GATHER_ARGUMENTS);                                                              \
    }
#define ENTRIES(type, T)                                                                                             \
    ENTRY(type, T, plain, PLAIN)                                                                                     \
    ENTRY(type, T, relu, RELU)                                                                                       \
    ENTRY(type, T, pool, POOL)                                                                                       \
    ENTRY(type, T, mask, MASK)                                                                                       \
    ENTRY(type, T, unpool, UNPOOL)                                                                                   \
    ENTRY(type, T, add, ADD)                                                                                         \
    KERNEL __launch_bounds__(THREADS) linear_few_##type(const T *x, const T *w, const float *bias, T *y, int N, int K, \
                                                        int Co, int first) {                                          \
        linear_few(x, w, bias, y, N, K, Co, first);                                                                  \
    }
FOR_EACH_TYPE(ENTRIES)
