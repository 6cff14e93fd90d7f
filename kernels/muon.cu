/* Muon, Jordan et al. 2024 (belay.backend.update.MuonStep and NewtonSchulz define it). A kernel is a matrix [rows, columns]
 * f32 with the output channels as columns.
 * muon_momentum:  m = momentum m + g; u = g + momentum m; parts = sums of u^2 [PARTS] f64, then of w^2 [PARTS]
 * muon_normalize: u /= |u| + 1e-7
 * muon_product:   out[i, j] = alpha add[i, j] + beta sum over k of p[i pi + k pk] q[k qk + j qj], add and out row by row;
 *                 add null: alpha = 0
 * muon_descend:   w *= length / |w| where length is not 0; w -= rate scale u
 * What is no matrix is changed by kernels/update_groups.cu. A kernel that is frozen keeps w and m.
 * group   [5] f32 of the kernel, as update_groups.cu has it; scalars f32: rate; epoch [1] int; all in device memory
 * launch  muon_momentum: grid PARTS; muon_product: grid (columns / TILE, rows / TILE) rounded up; others any grid,
 *         threads stride; block 256
 * cost    products: 2 rows columns inner operations by multiply-adds, sums in tiles of TILE products; 8 KB shared memory
 * proof   StagesOnHostTest, CudaBackendTest (the backend contract)
 */
#include "clipping.cuh"
#include "groups.cuh"

constexpr int PARTS = 64, TILE = 32, HALF = TILE / 2;

KERNEL muon_momentum(float *first, const float *gradient, const float *weights, int count, const float *group,
                     const float *scalars, const int *epoch, float momentum, float *u, double *parts) {
    const bool frozen = Group(group, scalars, epoch).frozen;
    double uu = 0, ww = 0;
    EACH(i, count) {
        const float g = gradient[i], m = momentum * first[i] + g, v = g + momentum * m, w = weights[i];
        if (!frozen) first[i] = m;
        u[i] = v;
        uu += (double)v * v;
        ww += (double)w * w;
    }
    uu = block_sum<THREADS>(uu);
    __syncthreads(); // block_sum uses its memory again
    ww = block_sum<THREADS>(ww);
    if (threadIdx.x == 0) {
        parts[blockIdx.x] = uu;
        parts[PARTS + blockIdx.x] = ww;
    }
}

/* Every block adds the same parts in the same order. */
KERNEL muon_normalize(float *u, int count, const double *parts) {
    const double sum = block_sum<THREADS>(threadIdx.x < PARTS ? parts[threadIdx.x] : 0.);
    const float scale = (float)(1. / (sqrt(sum) + 1e-7));
    EACH(i, count) u[i] *= scale;
}

/* Values [k][i] of a tile; outside of the matrix they are 0. Neighbouring threads read neighbours in memory. */
__device__ void load(float (&tile)[TILE][TILE + 1], const float *m, int i0, int most, int stride, int k0, int inner,
                     int k_stride) {
    for (int e = threadIdx.x; e < TILE * TILE; e += THREADS) {
        const int slow = e / TILE, fast = e % TILE;
        const int i = stride == 1 ? fast : slow, k = stride == 1 ? slow : fast;
        const bool inside = i0 + i < most && k0 + k < inner;
        tile[k][i] = inside ? m[(i0 + i) * stride + (k0 + k) * k_stride] : 0.f;
    }
}

KERNEL muon_product(const float *p, int pi, int pk, const float *q, int qk, int qj, const float *add, float *out,
                    int rows, int columns, int inner, float alpha, float beta) {
    __shared__ float left[TILE][TILE + 1], right[TILE][TILE + 1];
    const int row = blockIdx.y * TILE, column = blockIdx.x * TILE;
    const int x = threadIdx.x % HALF, y = threadIdx.x / HALF;
    float sum[2][2] = {};
    for (int k0 = 0; k0 < inner; k0 += TILE) {
        load(left, p, row, rows, pi, k0, inner, pk);
        load(right, q, column, columns, qj, k0, inner, qk);
        __syncthreads();
        float part[2][2] = {};
#pragma unroll
        for (int k = 0; k < TILE; k++) {
            for (int a = 0; a < 2; a++) {
                for (int b = 0; b < 2; b++) part[a][b] += left[k][y + HALF * a] * right[k][x + HALF * b];
            }
        }
        for (int a = 0; a < 2; a++) {
            for (int b = 0; b < 2; b++) sum[a][b] += part[a][b];
        }
        __syncthreads();
    }
    for (int a = 0; a < 2; a++) {
        for (int b = 0; b < 2; b++) {
            const int i = row + y + HALF * a, j = column + x + HALF * b;
            if (i >= rows || j >= columns) continue;
            const float before = add == nullptr ? 0.f : alpha * add[i * columns + j];
            out[i * columns + j] = before + beta * sum[a][b];
        }
    }
}

KERNEL muon_descend(float *weights, const float *u, int count, const float *group, const float *scalars,
                    const int *epoch, const double *parts, float length, float scale) {
    const Group group_of(group, scalars, epoch);
    const double squares = length > 0 ? block_sum<THREADS>(threadIdx.x < PARTS ? parts[PARTS + threadIdx.x] : 0.) : 0.;
    const float keep = squares > 0 ? (float)(length / sqrt(squares)) : 1.f, rate = group_of.rate * scale;
    if (group_of.frozen) return;
    EACH(i, count) {
        const float w = squares > 0 ? keep * weights[i] : weights[i]; // not by 1: that might round in another way
        weights[i] = w - rate * u[i];
    }
}
