/* Sums in fixed order: no two runs differ in a bit.
 * add_splits:   out[i] = scale (ws[0][i] + ws[1][i] + ...); split z begins at z stride
 * fold_taps:    the gradient of the 3x3 kernel behind an upsampling from that of V (taps.cu, prepare.cu):
 *               ws [splits][16][padded][Ci] -> out [3,3,Ci,Co], scaled
 * column_sums_T: partial[block][c] = sum of d[pixel][c] over the block's share of pixels; d [pixels, stride] T,
 *               partial [blocks][columns]: a bias gradient; grid blocks, block 256
 * launch  add_splits, fold_taps: block 256 for 32 outputs, any grid
 * proof   CudaBackendTest (the backend contract)
 */
#include "types.cuh"

constexpr int THREADS = 256, GROUPS = 8, OUTPUTS = THREADS / GROUPS; // groups of splits, outputs of a block at a time

KERNEL add_splits(const float *ws, int splits, int stride, int count, float scale, float *out) {
    // Outputs by groups of splits: few outputs with many splits keep the device busy too.
    __shared__ float part[GROUPS][OUTPUTS];
    const int lane = threadIdx.x % OUTPUTS, group = threadIdx.x / OUTPUTS;
    for (int i0 = blockIdx.x * OUTPUTS; i0 < count; i0 += gridDim.x * OUTPUTS) {
        const int i = i0 + lane;
        float sum = 0;
        if (i < count)
#pragma unroll 4
            for (int z = group; z < splits; z += GROUPS) sum += ws[(size_t)z * stride + i];
        part[group][lane] = sum;
        __syncthreads();
        if (group == 0 && i < count) {
            for (int k = 1; k < GROUPS; k++) sum += part[k][lane];
            out[i] = sum * scale;
        }
        __syncthreads();
    }
}

KERNEL fold_taps(const float *ws, int splits, int Ci, int Co, int padded, float scale, float *out) {
    __shared__ float part[GROUPS][OUTPUTS];
    const int lane = threadIdx.x % OUTPUTS, group = threadIdx.x / OUTPUTS;
    const int stride = 16 * padded * Ci, count = 9 * Ci * Co;
    for (int i0 = blockIdx.x * OUTPUTS; i0 < count; i0 += gridDim.x * OUTPUTS) {
        // Neighbouring threads read neighbouring ci, which lie together in ws.
        const int at = i0 + lane, ci = at % Ci, co = at / Ci % Co, i = at / Ci / Co / 3, j = at / Ci / Co % 3;
        float sum = 0;
        if (at < count)
            for (int z = group; z < splits; z += GROUPS)
#pragma unroll
                for (int k = 0; k < 4; k++) {
                    const int ty = 2 - i + k / 2, tx = 2 - j + k % 2; // tap i lives in V[2 - i] and V[3 - i]
                    sum += ws[(size_t)z * stride + ((4 * ty + tx) * padded + co) * Ci + ci];
                }
        part[group][lane] = sum;
        __syncthreads();
        if (group == 0 && at < count) {
            for (int k = 1; k < GROUPS; k++) sum += part[k][lane];
            out[((i * 3 + j) * Ci + ci) * Co + co] = sum * scale;
        }
        __syncthreads();
    }
}

/* Threads share out the columns first, then the pixels, so that few columns keep a block busy too. */
template <typename T>
__device__ void column_sums(const T *d, long long pixels, int stride, int columns, float *partial) {
    __shared__ float part[THREADS];
    const long long share = (pixels + gridDim.x - 1) / gridDim.x;
    const long long from = blockIdx.x * share, to = from + share < pixels ? from + share : pixels;
    for (int c0 = 0; c0 < columns; c0 += THREADS) {
        const int width = min(THREADS, columns - c0), groups = THREADS / width;
        const int c = c0 + threadIdx.x % width, group = threadIdx.x / width;
        float sum = 0;
        if (group < groups)
            for (long long m = from + group; m < to; m += groups) sum += get(d[m * stride + c]);
        part[threadIdx.x] = sum;
        __syncthreads();
        if (group == 0) {
            for (int k = 1; k < groups; k++) sum += part[threadIdx.x + k * width];
            partial[(size_t)blockIdx.x * columns + c] = sum;
        }
        __syncthreads();
    }
}

#define ENTRY(name, T)                                                                                               \
    KERNEL column_sums_##name(const T *d, long long pixels, int stride, int columns, float *partial) {               \
        column_sums(d, pixels, stride, columns, partial);                                                            \
    }
FOR_EACH_TYPE(ENTRY)
