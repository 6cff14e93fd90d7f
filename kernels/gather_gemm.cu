/* gather_gemm_EPILOGUE_f32_TILE: every forward convolution and every gradient of an input, as one
 * matrix product whose left side is gathered from an image while it is loaded:
 *   y[n, p os + a, q os + b, co] =
 *       epilogue(sum over i < Kh, j < Kw, ci of x[n, p s + oy + a ps + i, q s + ox + b ps + j, ci]
 *                                               w[z][(i Kw + j) Ci + ci][co]),     x = 0 outside,
 * for p < Gh, q < Gw; gridDim.z is 1 (a = b = 0) or 4 (z = 2 a + b: the phases of upsample + conv).
 * x [N,Hi,Wi,Ci] f32, w [z][Kh Kw Ci][Co] f32, bias [Co] f32 or null, mask and addend like y or null -> y f32
 * epilogues  plain: + bias; relu: max(0, + bias); mask: 0 where mask <= 0 (the gradient under a ReLU);
 *            pool: relu, then the maximum of 2x2: y [N,Gh/2,Gw/2,Co], argmax a byte a value, 2 dy + dx;
 *            unpool: mask, then the gradient of that: y [N,2Gh,2Gw,Co], zero but at argmax;
 *            add: + addend, which may be y, then 0 where mask <= 0
 * needs   Ci, Co % 4 == 0 and 16-byte aligned tensors; pool: Gh and Gw even (gather_gemm_any.cu needs less)
 * first   grid pixel that the launch begins with, the first of an image
 * launch  grid (ceil((N Gh Gw - first) / BM), ceil(Co / BN), 1 or 4), block BM BN / 64; TILE BMxBN: 128x128, 128x64, 64x64
 * cost    2 N Gh Gw Kh Kw Ci Co flop a phase
 * source  implicit GEMM: Chetlur et al. 2014, arXiv:1410.0759; register tiles: Volkov, Demmel 2008
 * proof   CudaBackendTest (the backend contract); slower steps in lab/
 */
#include "gather.cuh"

/* Each warp makes 32 x 64 results, each thread 8 x 8 of them as four squares of 4 x 4. */
template <int BM, int BN, int EPILOGUE> __device__ __forceinline__ void gather_gemm(const Gather<float> &g) {
    constexpr int BK = 16, THREADS = BM * BN / 64;
    constexpr int LA = BM * BK / 4 / THREADS, LB = BK * BN / 4 / THREADS; // 16-byte loads a thread
    __shared__ __align__(16) float sa[2][BK][BM], sb[2][BK][BN];
    const int tid = threadIdx.x, lane = tid & 31, warp = tid >> 5;
    const int m0 = g.first + blockIdx.x * BM, n0 = blockIdx.y * BN, phase = blockIdx.z;
    const int K = g.Kh * g.Kw * g.Ci, M = g.N * g.Gh * g.Gw;
    const float *w = g.w + (size_t)phase * K * g.Co;

    const int kq = tid & 3;
    unsigned image[LA]; // offsets of 32 bits spare registers: the host keeps tensors under 2^32 values
    int top[LA], side[LA];
#pragma unroll
    for (int l = 0; l < LA; l++) {
        const int m = m0 + (tid >> 2) + l * (THREADS / 4);
        const Pixel at = pixel<EPILOGUE>(g, m);
        image[l] = (unsigned)(m < M ? at.n : 0) * g.Hi * g.Wi * g.Ci;
        top[l] = m < M ? at.p * g.s + g.oy + (phase >> 1) * g.ps : -(1 << 24); // outside every image
        side[l] = at.q * g.s + g.ox + (phase & 1) * g.ps;
    }
    int i = 0, j = 0, ci = 4 * kq; // this thread's place in k
    auto wrap = [&]() {
        while (ci >= g.Ci) {
            ci -= g.Ci;
            if (++j == g.Kw) j = 0, i++;
        }
    };
    wrap();

    float4 ra[LA], rb[LB];
    auto load = [&](int k0) {
#pragma unroll
        for (int l = 0; l < LA; l++) {
            const int y = top[l] + i, x = side[l] + j;
            const bool inside = i < g.Kh && (unsigned)y < (unsigned)g.Hi && (unsigned)x < (unsigned)g.Wi;
            ra[l] = inside ? *reinterpret_cast<const float4 *>(g.x + (image[l] + (y * g.Wi + x) * g.Ci + ci))
                           : make_float4(0, 0, 0, 0);
        }
        ci += BK, wrap();
#pragma unroll
        for (int l = 0; l < LB; l++) {
            const int f = tid + l * THREADS, k = k0 + f / (BN / 4), c = n0 + f % (BN / 4) * 4;
            rb[l] = k < K && c < g.Co ? *reinterpret_cast<const float4 *>(w + (size_t)k * g.Co + c)
                                      : make_float4(0, 0, 0, 0);
        }
    };
    auto put = [&](int stage) {
#pragma unroll
        for (int l = 0; l < LA; l++) {
            // Columns are swizzled by k / 4: the four k of a quarter-warp meet different banks.
            const int m = ((tid >> 2) + l * (THREADS / 4)) ^ (8 * kq);
            sa[stage][4 * kq + 0][m] = ra[l].x;
            sa[stage][4 * kq + 1][m] = ra[l].y;
            sa[stage][4 * kq + 2][m] = ra[l].z;
            sa[stage][4 * kq + 3][m] = ra[l].w;
        }
#pragma unroll
        for (int l = 0; l < LB; l++) {
            const int f = tid + l * THREADS;
            *reinterpret_cast<float4 *>(&sb[stage][f / (BN / 4)][f % (BN / 4) * 4]) = rb[l];
        }
    };

    const int wm = warp % (BM / 32) * 32 + lane / 8 * 4, wn = warp / (BM / 32) * 64 + lane % 8 * 4;
    float acc[2][2][4][4] = {};
    load(0);
    put(0);
    __syncthreads();
    for (int k0 = 0, stage = 0; k0 < K; k0 += BK, stage ^= 1) {
        if (k0 + BK < K) load(k0 + BK);
#pragma unroll
        for (int k = 0; k < BK; k++) {
            float a[2][4], b[2][4];
#pragma unroll
            for (int h = 0; h < 2; h++) {
                *reinterpret_cast<float4 *>(a[h]) =
                    *reinterpret_cast<const float4 *>(&sa[stage][k][(wm + 16 * h) ^ (8 * (k >> 2))]);
                *reinterpret_cast<float4 *>(b[h]) = *reinterpret_cast<const float4 *>(&sb[stage][k][wn + 32 * h]);
            }
#pragma unroll
            for (int h = 0; h < 2; h++)
#pragma unroll
                for (int v = 0; v < 2; v++)
#pragma unroll
                    for (int r = 0; r < 4; r++)
#pragma unroll
                        for (int e = 0; e < 4; e++) acc[h][v][r][e] += a[h][r] * b[v][e];
        }
        if (k0 + BK < K) put(stage ^ 1);
        __syncthreads();
    }
#pragma unroll
    for (int h = 0; h < 2; h++)
#pragma unroll
        for (int v = 0; v < 2; v++)
            finish<true, EPILOGUE>(g, m0 + wm + 16 * h, n0 + wn + 32 * v, acc[h][v], phase);
}

#define ENTRY(name, BM, BN, BLOCKS, EPILOGUE)                                                                        \
    KERNEL __launch_bounds__(BM *BN / 64, BLOCKS) name(GATHER_PARAMETERS(float)) {                                   \
        gather_gemm<BM, BN, EPILOGUE>(GATHER_ARGUMENTS);                                                             \
    }
#define ENTRIES(tile, BM, BN, BLOCKS)                                                                                \
    ENTRY(gather_gemm_plain_f32_##tile, BM, BN, BLOCKS, PLAIN)                                                       \
    ENTRY(gather_gemm_relu_f32_##tile, BM, BN, BLOCKS, RELU)                                                         \
    ENTRY(gather_gemm_pool_f32_##tile, BM, BN, BLOCKS, POOL)                                                         \
    ENTRY(gather_gemm_mask_f32_##tile, BM, BN, BLOCKS, MASK)                                                         \
    ENTRY(gather_gemm_unpool_f32_##tile, BM, BN, BLOCKS, UNPOOL)                                                     \
    ENTRY(gather_gemm_add_f32_##tile, BM, BN, BLOCKS, ADD)

ENTRIES(128x128, 128, 128, 2)
ENTRIES(128x64, 128, 64, 3)
ENTRIES(64x64, 64, 64, 6)
