/* The samples of a support vector machine, f32 rows of pitch columns (zeros behind the last feature).
 *
 * place_rows       x[places[i]] = rows[i], take_rows the way back          grid count, block 256
 * find_flaws       per sample: its first column that is not finite, or columns; its squared length   grid samples, block 256
 * column_parts     sums of 256 samples each, per column, in double: of x, or of (x - centre)^2; whether any differs from the
 *                  first sample                                            grid (ceil(columns / 256), ceil(samples / 256)), block 256
 * column_join      those parts added in their order                        grid ceil(columns / 256), block 256
 * standardize_rows x = (x - mean) / deviation, in double, rounded to float grid samples, block 256
 * round_rows       to 10 bits of mantissa, as tensor cores read tf32       grid samples, block 256
 * cost    each reads or writes the samples once; no atomics, sums in a fixed order
 * proof   the SVM contract
 */
#include "common.cuh"

constexpr int THREADS = 256, PART = 256;

__device__ __forceinline__ float *row_of(float *x, int row, int pitch) { return x + (size_t)row * pitch; }

KERNEL place_rows(const float *rows, const int *places, int columns, int pitch, float *x) {
    const float *from = rows + (size_t)blockIdx.x * columns;
    float *to = row_of(x, places[blockIdx.x], pitch);
    for (int k = threadIdx.x; k < columns; k += THREADS) to[k] = from[k];
}

KERNEL take_rows(float *x, const int *places, int columns, int pitch, float *rows, int rowsPitch) {
    const float *from = row_of(x, places[blockIdx.x], pitch);
    float *to = rows + (size_t)blockIdx.x * rowsPitch;
    for (int k = threadIdx.x; k < columns; k += THREADS) to[k] = from[k];
}

KERNEL find_flaws(float *x, int columns, int pitch, int *flaws, double *lengths) {
    __shared__ int firsts[THREADS];
    __shared__ double sums[THREADS];
    const float *row = row_of(x, blockIdx.x, pitch);
    int first = columns;
    double sum = 0;
    for (int k = threadIdx.x; k < columns; k += THREADS) {
        const float v = row[k];
        if (!isfinite(v)) first = min(first, k);
        sum += static_cast<double>(v) * v;
    }
    firsts[threadIdx.x] = first, sums[threadIdx.x] = sum;
    __syncthreads();
    for (int half = THREADS / 2; half; half /= 2) {
        if (threadIdx.x < half) {
            firsts[threadIdx.x] = min(firsts[threadIdx.x], firsts[threadIdx.x + half]);
            sums[threadIdx.x] += sums[threadIdx.x + half];
        }
        __syncthreads();
    }
    if (threadIdx.x == 0) flaws[blockIdx.x] = firsts[0], lengths[blockIdx.x] = sums[0];
}

KERNEL column_parts(float *x, int samples, int columns, int pitch, const double *centre, double *parts, byte *changes) {
    const int k = blockIdx.x * THREADS + threadIdx.x, first = blockIdx.y * PART, end = min(samples, first + PART);
    if (k >= columns) return;
    const float start = x[k];
    double sum = 0;
    bool changed = false;
    for (int i = first; i < end; i++) {
        const float v = row_of(x, i, pitch)[k];
        const double distance = centre ? v - centre[k] : 0;
        sum += centre ? distance * distance : v;
        changed |= v != start;
    }
    parts[(size_t)blockIdx.y * columns + k] = sum;
    changes[(size_t)blockIdx.y * columns + k] = changed;
}

KERNEL column_join(const double *parts, const byte *changes, int count, int columns, double *sums, byte *changed) {
    const int k = blockIdx.x * THREADS + threadIdx.x;
    if (k >= columns) return;
    double sum = 0;
    byte any = 0;
    for (int part = 0; part < count; part++) {
        sum += parts[(size_t)part * columns + k];
        any |= changes[(size_t)part * columns + k];
    }
    sums[k] = sum, changed[k] = any;
}

KERNEL standardize_rows(float *x, int columns, int pitch, const double *mean, const double *deviation) {
    float *row = row_of(x, blockIdx.x, pitch);
    for (int k = threadIdx.x; k < columns; k += THREADS) row[k] = static_cast<float>((row[k] - mean[k]) / deviation[k]);
}

KERNEL round_rows(float *x, int columns, int pitch) {
    float *row = row_of(x, blockIdx.x, pitch);
    for (int k = threadIdx.x; k < columns; k += THREADS)
        row[k] = __uint_as_float((__float_as_uint(row[k]) + 0x1000u) & ~0x1FFFu); // to nearest, ties away from 0
}
