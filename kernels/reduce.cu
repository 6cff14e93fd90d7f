/* Sums in fixed order: parts (parts.cuh) inside a shard, then shards in one perfect binary tree (shards.cuh).
 * What is summed is `terms` pixels, images or tiles, `shard` of them a shard but for the last one; at most 64 shards.
 * add_splits:   out[i] = scale (sum over the parts of ws[part][i]); a part begins at part stride
 * fold_taps:    the gradient of the 3x3 kernel behind an upsampling from that of V (taps.cu, prepare.cu):
 *               ws [parts][16][padded][Ci] -> out [3,3,Ci,Co], scaled
 * column_sums_T: partial[s gridDim.x + block][c] = sum of d[pixel][c] over the block's share of the pixels of shard s, which
 *               are `shard` but for the last one's; d [pixels, stride] T, partial [shards gridDim.x][columns]: a bias
 *               gradient; grid (blocks, shards), block 256
 * launch  add_splits, fold_taps: block 256 for 1,024 outputs from WIDE_OUTPUTS on, for 32 of fewer, for 8 where there are at most
 *         FEW_OUTPUTS; any grid
 * cost    reads every part once
 * proof   CudaBackendTest (the backend contract), CudaShardsTest
 */
#include "parts.cuh"
#include "shards.cuh"
#include "types.cuh"

constexpr int THREADS = 256, MOST_SHARDS = 64, FEW_PARTS = 4, MANY_PARTS = 2 * FEW_PARTS;
constexpr int WIDE_OUTPUTS = 4096; // that keep a device busy by themselves
constexpr int GROUPS = 8, MORE_GROUPS = 32, FEW_OUTPUTS = 1024; // of threads, that share an output; more for so few outputs

/* put(i, sum over all parts of value(i, part)) for each i < count, THREADS / WAYS of them by a block at a time. */
template <int WAYS, typename Value, typename Put>
__device__ __forceinline__ void add_parts(int terms, const Cuts &cuts, int count, Value value, Put put) {
    constexpr int OUTPUTS = THREADS / WAYS;
    __shared__ float sums[MOST_SHARDS][OUTPUTS];
    __shared__ int first[MOST_SHARDS + 1]; // part of each shard
    const int lane = threadIdx.x % OUTPUTS, group = threadIdx.x / OUTPUTS;
    const int shards = (terms - 1) / cuts.shard + 1;
    if (threadIdx.x <= shards)
        first[threadIdx.x] = threadIdx.x < shards ? cuts.part(threadIdx.x * cuts.shard) : cuts.part(terms - 1) + 1;
    __syncthreads();
    // Runs of a shard's parts, every runs-th in each, so that few outputs of many parts keep the device busy too.
    int log = 0;
    while (2 * shards << log <= MOST_SHARDS && first[1] >= 2 * FEW_PARTS << log) log++;
    const int runs = 1 << log;
    for (int i0 = blockIdx.x * OUTPUTS; i0 < count; i0 += gridDim.x * OUTPUTS) {
        const int i = i0 + lane;
        for (int at = group; at < shards * runs; at += WAYS) {
            const int end = first[(at >> log) + 1];
            float sum = 0;
            if (i < count)
#pragma unroll 4
                for (int part = first[at >> log] + (at & runs - 1); part < end; part += runs) sum += value(i, part);
            sums[at][lane] = sum;
        }
        __syncthreads();
        if (runs > 1) {
            for (int shard = group; shard < shards; shard += WAYS) {
                float sum = sums[shard * runs][lane];
                for (int run = 1; run < runs; run++) sum += sums[shard * runs + run][lane];
                sums[shard * runs][lane] = sum;
            }
            __syncthreads();
        }
        if (group == 0 && i < count) {
            ShardSum<float> tree;
            for (int shard = 0; shard < shards; shard++) tree.add(sums[shard * runs][lane]);
            put(i, tree.total());
        }
        __syncthreads();
    }
}

struct Quad {
    float x, y, z, w;
    __device__ __forceinline__ Quad operator+(const Quad &o) const { return {x + o.x, y + o.y, z + o.z, w + o.w}; }
    __device__ __forceinline__ Quad operator*(float s) const { return {x * s, y * s, z * s, w * s}; }
};

__device__ __forceinline__ Quad quad(const float *from) {
    const float4 v = *reinterpret_cast<const float4 *>(from);
    return {v.x, v.y, v.z, v.w};
}

__device__ __forceinline__ bool is_aligned(const void *p) { return ((size_t)p & 15) == 0; }

/* The same for many outputs of few parts a shard, in the same order: a thread takes four outputs, and asks for AHEAD parts
 * before it adds them. */
template <int AHEAD, typename Value, typename Put>
__device__ __forceinline__ void add_parts_wide(int terms, const Cuts &cuts, int count, Value value, Put put) {
    __shared__ int first[MOST_SHARDS + 1];
    const int shards = (terms - 1) / cuts.shard + 1, parts = cuts.part(terms - 1) + 1;
    if (threadIdx.x <= shards) first[threadIdx.x] = threadIdx.x < shards ? cuts.part(threadIdx.x * cuts.shard) : parts;
    __syncthreads();
    EACH(four, count / 4) {
        ShardSum<Quad> tree;
        Quad sum{};
        int shard = 0, end = first[1];
        for (int from = 0; from < parts; from += AHEAD) {
            Quad ahead[AHEAD];
#pragma unroll
            for (int k = 0; k < AHEAD; k++) ahead[k] = value(4 * four, min(from + k, parts - 1));
#pragma unroll
            for (int k = 0; k < AHEAD; k++) {
                if (from + k == end) tree.add(sum), sum = Quad{}, end = first[++shard + 1];
                if (from + k < parts) sum = sum + ahead[k];
            }
        }
        tree.add(sum);
        put(4 * four, tree.total());
    }
}

/* Whether a shard's parts are added in one run, and there are many outputs. */
__device__ __forceinline__ bool is_wide(const Cuts &cuts, int count) {
    return count >= WIDE_OUTPUTS && cuts.part(cuts.shard) < MANY_PARTS;
}

template <typename Value, typename Put>
__device__ __forceinline__ void add_all_parts(int terms, const Cuts &cuts, int count, Value value, Put put) {
    if (count > FEW_OUTPUTS)
        add_parts<GROUPS>(terms, cuts, count, value, put);
    else
        add_parts<MORE_GROUPS>(terms, cuts, count, value, put);
}

KERNEL add_splits(const float *ws, int terms, int share, int shard, int both, int stride, int count, float scale,
                  float *out) {
    const Cuts cuts = {share, shard, both};
    if (is_wide(cuts, count) && count % 4 == 0 && stride % 4 == 0 && is_aligned(ws) && is_aligned(out)) {
        add_parts_wide<8>(
            terms, cuts, count, [=](int i, int part) { return quad(ws + (size_t)part * stride + i); },
            [=](int i, const Quad &sum) { *reinterpret_cast<Quad *>(out + i) = sum * scale; });
        return;
    }
    add_all_parts(
        terms, cuts, count, [=](int i, int part) { return ws[(size_t)part * stride + i]; },
        [=](int i, float sum) { out[i] = sum * scale; });
}

KERNEL fold_taps(const float *ws, int terms, int share, int shard, int both, int Ci, int Co, int padded, float scale,
                 float *out) {
    const int stride = 16 * padded * Ci;
    const Cuts cuts = {share, shard, both};
    if (is_wide(cuts, 9 * Ci * Co) && Ci % 4 == 0 && is_aligned(ws)) {
        add_parts_wide<4>(
            terms, cuts, 9 * Ci * Co,
            [=](int at, int part) {
                const int ci = at % Ci, co = at / Ci % Co, i = at / Ci / Co / 3, j = at / Ci / Co % 3;
                Quad sum{};
#pragma unroll
                for (int k = 0; k < 4; k++) {
                    const int ty = 2 - i + k / 2, tx = 2 - j + k % 2;
                    sum = sum + quad(ws + (size_t)part * stride + ((4 * ty + tx) * padded + co) * Ci + ci);
                }
                return sum;
            },
            [=](int at, const Quad &sum) {
                const int ci = at % Ci, co = at / Ci % Co, tap = at / Ci / Co;
                const Quad scaled = sum * scale;
                float *to = out + (tap * Ci + ci) * Co + co;
                to[0] = scaled.x, to[Co] = scaled.y, to[2 * Co] = scaled.z, to[3 * Co] = scaled.w;
            });
        return;
    }
    // Neighbouring threads read neighbouring ci, which lie together in ws.
    add_all_parts(
        terms, cuts, 9 * Ci * Co,
        [=](int at, int part) {
            const int ci = at % Ci, co = at / Ci % Co, i = at / Ci / Co / 3, j = at / Ci / Co % 3;
            float sum = 0;
#pragma unroll
            for (int k = 0; k < 4; k++) {
                const int ty = 2 - i + k / 2, tx = 2 - j + k % 2; // tap i lives in V[2 - i] and V[3 - i]
                sum += ws[(size_t)part * stride + ((4 * ty + tx) * padded + co) * Ci + ci];
            }
            return sum;
        },
        [=](int at, float sum) {
            const int ci = at % Ci, co = at / Ci % Co, tap = at / Ci / Co;
            out[(tap * Ci + ci) * Co + co] = sum * scale;
        });
}

/* Threads share out the columns first, then the pixels, so that few columns keep a block busy too. */
template <typename T>
__device__ void column_sums(const T *d, int pixels, int shard, int stride, int columns, float *partial) {
    __shared__ float part[THREADS];
    const int share = (shard - 1) / gridDim.x + 1, start = blockIdx.y * shard, end = min(pixels, start + shard);
    const int from = start + blockIdx.x * share, to = min(end, from + share);
    for (int c0 = 0; c0 < columns; c0 += THREADS) {
        const int width = min(THREADS, columns - c0), groups = THREADS / width;
        const int c = c0 + threadIdx.x % width, group = threadIdx.x / width;
        float sum = 0;
        if (group < groups)
            for (int m = from + group; m < to; m += groups) sum += get(d[(size_t)m * stride + c]);
        part[threadIdx.x] = sum;
        __syncthreads();
        if (group == 0) {
            for (int k = 1; k < groups; k++) sum += part[threadIdx.x + k * width];
            partial[(size_t)(blockIdx.y * gridDim.x + blockIdx.x) * columns + c] = sum;
        }
        __syncthreads();
    }
}

#define ENTRY(name, T)                                                                                               \
    KERNEL column_sums_##name(const T *d, int pixels, int shard, int stride, int columns, float *partial) {          \
        column_sums(d, pixels, shard, stride, columns, partial);                                                     \
    }
FOR_EACH_TYPE(ENTRY)
