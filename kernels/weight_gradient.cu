/* weight_gradient_f32_TILE: the gradient of a kernel and of a bias, in parts of the pixels:
 *   ws[part][(i Kw + j) Ci + ci][co] = sum over the part's pixels (n, p, q) of
 *                                      x[n, p s + oy + i, q s + ox + j, ci] d[n, p, q, co],  x = 0 outside,
 *   wsBias[part][co] = sum over the same pixels of d[n, p, q, co]
 * A block takes `share` pixels and begins another part where a shard begins, every `shard` pixels (parts.cuh), so that
 * the sums of a shard are the same whatever else a launch holds: it may hold but the pixels from `first` on, where a
 * shard begins, and images before N.
 * x [N,Hi,Wi,Ci] f32, d [N,Gh,Gw,Co] f32 -> ws [parts][Kh Kw Ci][Co] f32, wsBias [parts][Co] f32 or null
 * needs   Ci, Co % 4 == 0 and 16-byte aligned tensors (weight_gradient_any.cu needs less)
 * launch  grid (ceil(Kh Kw Ci / BM), ceil(Co / BN), ceil(N Gh Gw / share)), block BM BN / 64, TILE BMxBN:
 *         128x128, 64x128, 64x64, 32x128; reduce.cu adds the parts in
 *         fixed order, for no two runs may differ in a bit
 * cost    2 N Gh Gw Kh Kw Ci Co flop
 * source  split-K: as in CUTLASS (Kerr et al. 2017); no atomics
 * proof   CudaBackendTest (the backend contract)
 */
#include "common.cuh"
#include "parts.cuh"

struct Pairs {
    const float *x, *d;
    float *ws, *wsBias;
    int N, Hi, Wi, Ci, Gh, Gw, Co, Kh, Kw, s, oy, ox;
    Cuts cuts;
    int first;
};

template <int BM, int BN> __device__ __forceinline__ void weight_gradient(const Pairs &g) {
    constexpr int BK = 16, THREADS = BM * BN / 64;
    constexpr int LA = BM * BK / 4 / THREADS, LB = BK * BN / 4 / THREADS; // 16-byte loads a thread
    constexpr int RA = THREADS / (BM / 4), RB = THREADS / (BN / 4);       // pixels apart
    __shared__ __align__(16) float sa[2][BK][BM], sb[2][BK][BN];
    const int tid = threadIdx.x, lane = tid & 31, warp = tid >> 5;
    const int k0 = blockIdx.x * BM, n0 = blockIdx.y * BN;
    const int K = g.Kh * g.Kw * g.Ci, M = g.N * g.Gh * g.Gw;
    const int from = max(g.first, (int)blockIdx.z * g.cuts.share);
    const int to = min(M, ((int)blockIdx.z + 1) * g.cuts.share);
    if (from >= to) return;
    Slabs<BK> ahead(g.cuts, from, to); // those that are not loaded yet

    const int k = k0 + tid % (BM / 4) * 4, tap = k / g.Ci, ci = k % g.Ci; // fixed for this thread
    const int i = g.oy + tap / g.Kw, j = g.ox + tap % g.Kw;
    int n[LA], p[LA], q[LA];
    auto find = [&]() {
#pragma unroll
        for (int l = 0; l < LA; l++) {
            const int m = ahead.at + tid / (BM / 4) + l * RA;
            n[l] = m / (g.Gw * g.Gh), p[l] = m / g.Gw % g.Gh, q[l] = m % g.Gw;
        }
    };
    float4 ra[LA], rb[LB];
    auto load = [&]() {
#pragma unroll
        for (int l = 0; l < LA; l++) {
            const bool mine = ahead.at + tid / (BM / 4) + l * RA < ahead.end;
            const unsigned image = (unsigned)n[l] * g.Hi * g.Wi * g.Ci; // 32 bits spare registers
            const int top = p[l] * g.s, side = q[l] * g.s;
            const int y = top + i, x = side + j;
            const bool inside = mine && k < K && (unsigned)y < (unsigned)g.Hi && (unsigned)x < (unsigned)g.Wi;
            ra[l] = inside ? *reinterpret_cast<const float4 *>(g.x + (image + (y * g.Wi + x) * g.Ci + ci))
                           : make_float4(0, 0, 0, 0);
            q[l] += BK;
            while (q[l] >= g.Gw) {
                q[l] -= g.Gw;
                if (++p[l] == g.Gh) p[l] = 0, n[l]++;
            }
        }
#pragma unroll
        for (int l = 0; l < LB; l++) {
            const int m = ahead.at + tid / (BN / 4) + l * RB, c = n0 + tid % (BN / 4) * 4;
            const float *row = g.d + (size_t)m * g.Co + c;
            rb[l] = m < ahead.end && c < g.Co ? *reinterpret_cast<const float4 *>(row) : make_float4(0, 0, 0, 0);
        }
        if (ahead.next()) find();
    };
    auto put = [&](int stage) {
#pragma unroll
        for (int l = 0; l < LA; l++)
            *reinterpret_cast<float4 *>(&sa[stage][tid / (BM / 4) + l * RA][tid % (BM / 4) * 4]) = ra[l];
#pragma unroll
        for (int l = 0; l < LB; l++)
            *reinterpret_cast<float4 *>(&sb[stage][tid / (BN / 4) + l * RB][tid % (BN / 4) * 4]) = rb[l];
    };

    const int wm = warp % (BM / 32) * 32 + lane / 8 * 4, wn = warp / (BM / 32) * 64 + lane % 8 * 4;
    constexpr int SUMS = (BN + THREADS - 1) / THREADS;
    const bool sums = g.wsBias && blockIdx.x == 0;
    find();
    load();
    put(0);
    __syncthreads();
    int stage = 0;
#pragma unroll 1
    for (int begin = from, part = g.cuts.part(from), end; begin < to; begin = end, part++) {
        end = g.cuts.end(begin, to);
        float acc[2][2][4][4] = {}, sum[SUMS] = {};
        for (int m0 = begin; m0 < end; m0 += BK, stage ^= 1) {
            const bool more = ahead.more();
            if (more) load();
#pragma unroll
            for (int r = 0; r < BK; r++) {
                float a[2][4], b[2][4];
#pragma unroll
                for (int h = 0; h < 2; h++) {
                    *reinterpret_cast<float4 *>(a[h]) = *reinterpret_cast<const float4 *>(&sa[stage][r][wm + 16 * h]);
                    *reinterpret_cast<float4 *>(b[h]) = *reinterpret_cast<const float4 *>(&sb[stage][r][wn + 32 * h]);
                }
#pragma unroll
                for (int h = 0; h < 2; h++)
#pragma unroll
                    for (int v = 0; v < 2; v++)
#pragma unroll
                        for (int y = 0; y < 4; y++)
#pragma unroll
                            for (int x = 0; x < 4; x++) acc[h][v][y][x] += a[h][y] * b[v][x];
            }
            if (sums)
#pragma unroll
                for (int t = 0; t < SUMS; t++)
                    if (tid + t * THREADS < BN)
                        for (int r = 0; r < BK; r++) sum[t] += sb[stage][r][tid + t * THREADS];
            if (more) put(stage ^ 1);
            __syncthreads();
        }
        float *ws = g.ws + (size_t)part * K * g.Co;
#pragma unroll
        for (int h = 0; h < 2; h++)
#pragma unroll
            for (int y = 0; y < 4; y++) {
                const int row = k0 + wm + 16 * h + y;
                if (row >= K) continue;
#pragma unroll
                for (int v = 0; v < 2; v++) {
                    const int c = n0 + wn + 32 * v;
                    float *to = ws + (size_t)row * g.Co + c;
                    if (c < g.Co) *reinterpret_cast<float4 *>(to) = *reinterpret_cast<float4 *>(acc[h][v][y]);
                }
            }
        if (sums)
#pragma unroll
            for (int t = 0; t < SUMS; t++) {
                const int c = tid + t * THREADS;
                if (c < BN && n0 + c < g.Co) g.wsBias[(size_t)part * g.Co + n0 + c] = sum[t];
            }
    }
}

#define ENTRY(name, BM, BN, BLOCKS)                                                                                  \
    KERNEL __launch_bounds__(BM *BN / 64, BLOCKS)                                                                    \
        name(const float *x, const float *d, float *ws, float *wsBias, int N, int Hi, int Wi, int Ci, int Gh,        \
             int Gw, int Co, int Kh, int Kw, int s, int oy, int ox, int share, int shard, int both, int first) {     \
        weight_gradient<BM, BN>({x, d, ws, wsBias, N, Hi, Wi, Ci, Gh, Gw, Co, Kh, Kw, s, oy, ox,                     \
                                 {share, shard, both}, first});                                                      \
    }

ENTRY(weight_gradient_f32_128x128, 128, 128, 2)
ENTRY(weight_gradient_f32_64x128, 64, 128, 3)
ENTRY(weight_gradient_f32_64x64, 64, 64, 6)
ENTRY(weight_gradient_f32_32x128, 32, 128, 6)
