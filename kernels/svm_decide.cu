/* Decisions of one-vs-one classifiers from kernel values.
 *
 * svm_sums       sums[i][c][r] = sum over samples s of class c of coefficients[r][s] values[i][s], in double
 *                values [samples, pitch] f32, coefficients [k - 1, support] f64, starts [k + 1] -> sums [samples, k, k - 1] f64
 *                grid (ceil(samples / 4), k, ceil((k - 1) / 8)), block 128
 * svm_decisions  out[i][p] = sums[i][a][b - 1] + sums[i][b][a] - rho[p] for problem p of classes a < b = pairs[p]
 *                out [samples, problems] f64; grid (ceil(problems / 128), samples), block 128
 * cost    2 samples support (k - 1) flop in double; every sum in a fixed order, whatever the batch
 * proof   the SVM contract
 */
#include "common.cuh"

constexpr int THREADS = 128, ROWS = 4, SLOTS = 8;

__device__ __forceinline__ double warp_sum(double v) {
#pragma unroll
    for (int lanes = 16; lanes; lanes /= 2) v += __shfl_xor_sync(~0u, v, lanes);
    return v;
}

KERNEL __launch_bounds__(THREADS) svm_sums(const float *values, int samples, int pitch, const double *coefficients,
                                           int support, const int *starts, int classes, double *sums) {
    __shared__ double warps[ROWS][SLOTS][THREADS / 32];
    const int first = blockIdx.x * ROWS, c = blockIdx.y, slot = blockIdx.z * SLOTS;
    const float *row[ROWS];
    const double *column[SLOTS];
#pragma unroll
    for (int i = 0; i < ROWS; i++) row[i] = values + (size_t)min(first + i, samples - 1) * pitch;
#pragma unroll
    for (int r = 0; r < SLOTS; r++) column[r] = coefficients + (size_t)min(slot + r, classes - 2) * support;
    double acc[ROWS][SLOTS] = {};
    for (int s = starts[c] + threadIdx.x; s < starts[c + 1]; s += THREADS) {
        double v[ROWS];
#pragma unroll
        for (int i = 0; i < ROWS; i++) v[i] = row[i][s];
#pragma unroll
        for (int r = 0; r < SLOTS; r++) {
            const double by = column[r][s];
#pragma unroll
            for (int i = 0; i < ROWS; i++) acc[i][r] = fma(by, v[i], acc[i][r]);
        }
    }
#pragma unroll
    for (int i = 0; i < ROWS; i++)
#pragma unroll
        for (int r = 0; r < SLOTS; r++) {
            const double sum = warp_sum(acc[i][r]);
            if (threadIdx.x % 32 == 0) warps[i][r][threadIdx.x / 32] = sum;
        }
    __syncthreads();
    const int i = threadIdx.x / SLOTS, r = threadIdx.x % SLOTS;
    if (i >= ROWS || first + i >= samples || slot + r >= classes - 1) return;
    double sum = 0;
#pragma unroll
    for (int w = 0; w < THREADS / 32; w++) sum += warps[i][r][w];
    sums[((size_t)(first + i) * classes + c) * (classes - 1) + slot + r] = sum;
}

KERNEL svm_decisions(const double *sums, int classes, const int2 *pairs, const double *rho, int problems, double *out) {
    const int p = blockIdx.x * THREADS + threadIdx.x, i = blockIdx.y;
    if (p >= problems) return;
    const double *own = sums + (size_t)i * classes * (classes - 1);
    const int a = pairs[p].x, b = pairs[p].y;
    out[(size_t)i * problems + p] = own[a * (classes - 1) + b - 1] + own[b * (classes - 1) + a] - rho[p];
}
