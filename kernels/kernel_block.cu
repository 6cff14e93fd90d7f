/* kernel_block: a block of a support vector machine's kernel matrix,
 *   out[i][j] = left_i . right_j, or exp(-gamma |left_i - right_j|^2) where gamma >= 0
 * left [n,d] f32, right [m,d] f32 -> out [n,m] f32; differences, not norms: a sample is exactly like itself
 * launch  grid (ceil(m / 64), ceil(n / 64)), block 256: each thread makes 4 x 4 values
 * cost    2 n m d flop (linear), 3 n m d (RBF)
 * proof   CudaBackendTest (the backend contract)
 */
#include "common.cuh"

constexpr int THREADS = 256, TILE = 64;

template <bool RBF>
__device__ void kernel_block(const float *left, int n, const float *right, int m, int d, float gamma, float *out) {
    constexpr int DEPTH = 16;
    __shared__ float sl[DEPTH][TILE + 1], sr[DEPTH][TILE + 1];
    const int i0 = blockIdx.y * TILE, j0 = blockIdx.x * TILE, ty = threadIdx.x / 16, tx = threadIdx.x % 16;
    float acc[4][4] = {};
    for (int k0 = 0; k0 < d; k0 += DEPTH) {
        for (int f = threadIdx.x; f < TILE * DEPTH; f += THREADS) {
            const int row = f / DEPTH, k = k0 + f % DEPTH;
            sl[f % DEPTH][row] = i0 + row < n && k < d ? left[(size_t)(i0 + row) * d + k] : 0.f;
            sr[f % DEPTH][row] = j0 + row < m && k < d ? right[(size_t)(j0 + row) * d + k] : 0.f;
        }
        __syncthreads();
#pragma unroll
        for (int k = 0; k < DEPTH; k++)
#pragma unroll
            for (int a = 0; a < 4; a++)
#pragma unroll
                for (int b = 0; b < 4; b++) {
                    const float l = sl[k][ty + 16 * a], r = sr[k][tx + 16 * b];
                    acc[a][b] += RBF ? (l - r) * (l - r) : l * r;
                }
        __syncthreads();
    }
    for (int a = 0; a < 4; a++)
        for (int b = 0; b < 4; b++) {
            const int i = i0 + ty + 16 * a, j = j0 + tx + 16 * b;
            if (i < n && j < m) out[(size_t)i * m + j] = RBF ? expf(-gamma * acc[a][b]) : acc[a][b];
        }
}

KERNEL kernel_block_linear(const float *left, int n, const float *right, int m, int d, float gamma, float *out) {
    kernel_block<false>(left, n, right, m, d, gamma, out);
}

KERNEL kernel_block_rbf(const float *left, int n, const float *right, int m, int d, float gamma, float *out) {
    kernel_block<true>(left, n, right, m, d, gamma, out);
}
