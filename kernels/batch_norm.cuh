/* How the passes of batch_norm.cu and batch_norm_gradient.cu share out x [N,H,W,C], area = H W, in shards of q images of
 * which the last may have fewer: a block takes part of a shard's pixels and some channels, its threads V successive ones.
 * Parts of a sum follow from the pixels of their shard alone. */
#pragma once
#include "pack.cuh"
#include <string.h>

constexpr int THREADS = 256, ACROSS = 8;           // threads along the channels at most
constexpr int PART = 256, MOST_PARTS = 128;        // pixels of a part at least, parts of a shard
constexpr int COLUMNS = 8, GROUPS = THREADS / COLUMNS; // of a block that adds parts
constexpr int AHEAD = 4;                               // pixels that a thread asks for before it needs the first

__device__ __forceinline__ int shard_pixels(int N, int area, int q, int shard) { return min(q, N - shard * q) * area; }

/* Pixels of a part of a sum; the last one may have fewer. */
__device__ __forceinline__ int part_pixels(int pixels) { return max(PART, (pixels + MOST_PARTS - 1) / MOST_PARTS); }

/* Blocks: x parts, y groups of channels, z shards. */
template <int V> struct Part {
    int shard, pixels;  // of the shard
    int rows, row;      // threads that share channels, and which of them this one is
    int lanes, c;       // threads side by side, and the first channel of this one
    int from, to;       // pixels of the part
    int C;
    size_t base;        // of the shard's values

    /* size: pixels of a block, or 0 for a part of a sum. */
    __device__ __forceinline__ Part(int N, int area, int C, int q, int size) : C(C) {
        shard = blockIdx.z, pixels = shard_pixels(N, area, q, shard);
        lanes = 1;
        while (lanes < ACROSS && lanes * V < C) lanes *= 2;
        rows = THREADS / lanes, row = threadIdx.x / lanes;
        c = (blockIdx.y * lanes + threadIdx.x % lanes) * V;
        if (size == 0) size = part_pixels(pixels);
        from = min((long long)blockIdx.x * size, (long long)pixels), to = min(from + size, pixels);
        base = (size_t)shard * q * area * C;
    }
    __device__ __forceinline__ size_t at(int pixel) const { return base + (size_t)pixel * C + c; }
    /* Whether this thread has channels. */
    __device__ __forceinline__ bool any() const { return c < C; }
    /* fetch(slot, place), then use(slot, place), for each pixel of this thread, AHEAD at a time. */
    template <typename Fetch, typename Use> __device__ __forceinline__ void each(Fetch fetch, Use use) const {
        if (!any()) return;
        for (int m = from + row; m < to; m += AHEAD * rows) {
#pragma unroll
            for (int k = 0; k < AHEAD; k++)
                if (m + k * rows < to) fetch(k, at(m + k * rows));
#pragma unroll
            for (int k = 0; k < AHEAD; k++)
                if (m + k * rows < to) use(k, at(m + k * rows));
        }
    }
};

/* Values of AHEAD pixels as they lie in memory: words, since the compiler gives each value of 16 bits a register. */
template <typename T, int V> struct Ahead {
    template <int BYTES, int = 0> struct Words {
        T value;
        __device__ __forceinline__ void fetch(const T *from) { value = *from; }
        __device__ __forceinline__ Pack<T, V> pack() const { return {{value}}; }
    };
    template <int ANY> struct Words<16, ANY> {
        uint4 words;
        __device__ __forceinline__ void fetch(const T *from) { words = *reinterpret_cast<const uint4 *>(from); }
        __device__ __forceinline__ Pack<T, V> pack() const {
            Pack<T, V> pack;
            memcpy(&pack, &words, sizeof pack);
            return pack;
        }
    };
    Words<sizeof(T) * V> raw[AHEAD];

    __device__ __forceinline__ void fetch(int slot, const T *from) { raw[slot].fetch(from); }
    __device__ __forceinline__ void read(int slot, float (&v)[V]) const {
        const Pack<T, V> pack = raw[slot].pack();
#pragma unroll
        for (int e = 0; e < V; e++) v[e] = get(pack.v[e]);
    }
};

/* Adds a and b over the threads that share channels, in a fixed tree; row 0 has the sums. */
template <int V> __device__ __forceinline__ void add_rows(const Part<V> &part, float (&a)[V], float (&b)[V]) {
    __shared__ float sums[2 * V][THREADS];
    const int t = threadIdx.x;
#pragma unroll
    for (int e = 0; e < V; e++) sums[e][t] = a[e], sums[V + e][t] = b[e];
    __syncthreads();
    for (int half = part.rows / 2; half > 0; half /= 2) {
        if (part.row < half)
#pragma unroll
            for (int k = 0; k < 2 * V; k++) sums[k][t] += sums[k][t + half * part.lanes];
        __syncthreads();
    }
#pragma unroll
    for (int e = 0; e < V; e++) a[e] = sums[e][t], b[e] = sums[V + e][t];
}

/* Writes a and b of a part to parts [shards][gridDim.x][2][C]. */
template <int V>
__device__ __forceinline__ void put_part(const Part<V> &part, float *parts, const float (&a)[V], const float (&b)[V]) {
    if (part.row > 0 || !part.any()) return;
    float *to = parts + ((size_t)part.shard * gridDim.x + blockIdx.x) * 2 * part.C + part.c;
#pragma unroll
    for (int e = 0; e < V; e++) to[e] = a[e], to[part.C + e] = b[e];
}

/* Parts of one shard's column c; blocks: x columns, y shards; most parts a shard lie in parts. each: pixels of a part, or 0 for
 * part_pixels. */
struct Column {
    int c, shard, group, pixels, size, count;
    const float *first;

    __device__ __forceinline__ Column(const float *parts, int N, int area, int C, int q, int most, int each) {
        c = blockIdx.x * COLUMNS + threadIdx.x % COLUMNS, shard = blockIdx.y, group = threadIdx.x / COLUMNS;
        pixels = shard_pixels(N, area, q, shard), size = each > 0 ? each : part_pixels(pixels);
        count = c < C ? (pixels + size - 1) / size : 0;
        first = parts + (size_t)shard * most * 2 * C + c;
    }
    __device__ __forceinline__ float of(int part) const { return min(size, pixels - part * size); }

    /* Sum of f(part) over the parts, in a fixed order; every thread of the column gets it. */
    template <typename F> __device__ __forceinline__ float sum(F f) const {
        __shared__ float sums[GROUPS][COLUMNS];
        const int lane = threadIdx.x % COLUMNS;
        float mine = 0, all = 0;
#pragma unroll 4
        for (int i = group; i < count; i += GROUPS) mine += f(i);
        __syncthreads(); // of an earlier sum all have read theirs
        sums[group][lane] = mine;
        __syncthreads();
        for (int k = 0; k < GROUPS; k++) all += sums[k][lane];
        return all;
    }
};
