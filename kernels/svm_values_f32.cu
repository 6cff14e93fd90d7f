/* svm_values_f32: blocks of kernel values by multiply-adds in fp32, for every tier.
 * svm_norms_f32: squared lengths [rows] of samples [rows, depth], by the same sums.
 * values in svm_values.cuh; samples [.., depth] f32, depth a multiple of 32 (zeros behind the last feature)
 * launch  values: grid tiles; norms: grid ceil(rows / 128); block 256: each warp makes 32 x 64 values, each thread 8 x 8
 * cost    2 rows columns depth flop, half of it for a triangle
 * source  register tiles: Volkov, Demmel, "Benchmarking GPUs to tune dense linear algebra", 2008
 * proof   the SVM contract, belay doctor
 */
#include "svm_values.cuh"

constexpr int BK = 16, THREADS = 256, LOADS = VALUE_TILE * BK / 4 / THREADS;
static_assert(ALIGNMENT % BK == 0, "no step is half of one");

struct Slab {
    float values[BK][VALUE_TILE];
};

/* This thread's share of 128 samples by 16 features: 4 neighbouring features of some samples. */
struct Share {
    const float *from[LOADS];
    float4 held[LOADS];

    __device__ Share(const float *samples, int first, int count, int depth) {
#pragma unroll
        for (int l = 0; l < LOADS; l++) {
            const int row = first + threadIdx.x / 4 + l * (THREADS / 4);
            from[l] = row < count ? samples + (size_t)row * depth + threadIdx.x % 4 * 4 : nullptr;
        }
    }
    __device__ __forceinline__ void load(int k0) {
#pragma unroll
        for (int l = 0; l < LOADS; l++)
            held[l] = from[l] ? __ldg(reinterpret_cast<const float4 *>(from[l] + k0)) : make_float4(0, 0, 0, 0);
    }
    /* Columns are swizzled by k / 4: the four k of a quarter-warp meet different banks. */
    __device__ __forceinline__ void put(Slab &slab) const {
        const int kq = threadIdx.x % 4;
#pragma unroll
        for (int l = 0; l < LOADS; l++) {
            const int m = (threadIdx.x / 4 + l * (THREADS / 4)) ^ (8 * kq);
            slab.values[4 * kq + 0][m] = held[l].x;
            slab.values[4 * kq + 1][m] = held[l].y;
            slab.values[4 * kq + 2][m] = held[l].z;
            slab.values[4 * kq + 3][m] = held[l].w;
        }
    }
};

__device__ __forceinline__ void read4(float (&to)[4], const Slab &slab, int k, int at) {
    *reinterpret_cast<float4 *>(to) = *reinterpret_cast<const float4 *>(&slab.values[k][at ^ (8 * (k >> 2))]);
}

template <class Put>
__device__ __forceinline__ void product(const float *left, int rows, const float *right, int columns, int depth, ValueTile tile,
                                        const Put &put) {
    __shared__ __align__(16) Slab sl[2], sr[2];
    const int lane = threadIdx.x & 31, warp = threadIdx.x >> 5;
    const int wm = warp % 4 * 32 + lane / 8 * 4, wn = warp / 4 * 64 + lane % 8 * 4;
    Share shareL(left, tile.row, rows, depth), shareR(right, tile.column, columns, depth);
    float acc[2][2][4][4] = {};
    shareL.load(0), shareR.load(0);
    shareL.put(sl[0]), shareR.put(sr[0]);
    __syncthreads();
    for (int k0 = 0, stage = 0; k0 < depth; k0 += BK, stage ^= 1) {
        const bool more = k0 + BK < depth;
        if (more) shareL.load(k0 + BK), shareR.load(k0 + BK);
#pragma unroll
        for (int k = 0; k < BK; k++) {
            float a[2][4], b[2][4];
#pragma unroll
            for (int h = 0; h < 2; h++) read4(a[h], sl[stage], k, wm + 16 * h), read4(b[h], sr[stage], k, wn + 32 * h);
#pragma unroll
            for (int h = 0; h < 2; h++)
#pragma unroll
                for (int v = 0; v < 2; v++)
#pragma unroll
                    for (int r = 0; r < 4; r++)
#pragma unroll
                        for (int e = 0; e < 4; e++) acc[h][v][r][e] = fmaf(a[h][r], b[v][e], acc[h][v][r][e]);
        }
        if (more) shareL.put(sl[stage ^ 1]), shareR.put(sr[stage ^ 1]);
        __syncthreads();
    }
#pragma unroll
    for (int h = 0; h < 2; h++)
#pragma unroll
        for (int v = 0; v < 2; v++)
#pragma unroll
            for (int r = 0; r < 4; r++)
#pragma unroll
                for (int e = 0; e < 4; e++)
                    put(tile.row + wm + 16 * h + r, tile.column + wn + 32 * v + e, acc[h][v][r][e]);
}

KERNEL __launch_bounds__(THREADS, 2)
    svm_values_f32(const ValueBlock *blocks, int count, int first, int depth, float gamma) {
    const ValueBlock block = find_block(blocks, count, first + blockIdx.x);
    product(block.left, block.rows, block.right, block.columns, depth, find_tile(block, first + blockIdx.x),
            PutValue{block, gamma});
}

KERNEL __launch_bounds__(THREADS, 2) svm_norms_f32(const float *samples, int rows, int depth, float *norms) {
    const int at = blockIdx.x * VALUE_TILE;
    product(samples, rows, samples, rows, depth, {at, at}, PutNorm{norms, rows});
}
