/* Batch normalisation of x [N,H,W,C] T in shards of q images, backward, in training: the gradient runs through the
 * shard's m and v (statistics, as batch_norm.cu leaves them). g is dy, or where y is not null, dy where the output y was
 * positive, else 0: the ReLU in batch_norm_T. xhat = (x - m) / sqrt(v + epsilon).
 * batch_norm_gradient_parts_T:    parts [shards][most][2][C] f32: of each part of a shard's pixels the sums of g and of
 *                                 g xhat; most = min(128, ceil(q area / 256))
 * batch_norm_gradient_finish:     parts -> sums [shards][2][C] f32: the same over a shard. With each = 0 parts of
 *                                 batch_norm_gradient_parts, else of `each` pixels, as a product's epilogue `add` leaves
 *                                 them: sums of g and of g (x - around), around [C] f32
 * batch_norm_gradient_parameters: dscale [C] = factor times the sum over shards of g xhat, dshift [C] that of g, added by
 *                                 shards.cuh; factor is 1 / loss scale
 * batch_norm_gradient_T:          d = scale / sqrt(v + epsilon) (g - mean of g - xhat mean of g xhat), means over the
 *                                 pixels of the shard; dx = d, or dx + d where add is not 0, then 0 where mask (like dx,
 *                                 or null) is not positive; dz = g, the gradient of batch_norm_T's addend, or dz + g where
 *                                 addToDz is not 0; dz may be null; dx or dz may be dy
 * needs   tensors of T that begin at a multiple of 16 bytes where C fills such
 * launch  block 256, shards = ceil(N / q), columns = ceil(C / (8 V)) with V = 16 bytes of T if C is a multiple, else 1:
 *         parts: grid (most, columns, shards); finish: grid (ceil(C / 8), shards); parameters: any grid;
 *         batch_norm_gradient: grid (ceil(q area / each), columns, shards), each > 0
 * cost    reads x, dy and y twice, writes dx and dz
 * source  Ioffe, Szegedy 2015, arXiv:1502.03167, section 3
 * proof   BatchNormKernelsTest, the backend contract
 */
#include "batch_norm.cuh"
#include "shards.cuh"

/* x and g of AHEAD pixels. */
template <int V, typename T> struct Inputs {
    const T *x, *y, *dy;
    Ahead<T, V> in, out, gradient;

    __device__ __forceinline__ Inputs(const T *x, const T *y, const T *dy) : x(x), y(y), dy(dy) {}
    __device__ __forceinline__ void fetch(int k, size_t at) {
        in.fetch(k, x + at), gradient.fetch(k, dy + at);
        if (y) out.fetch(k, y + at);
    }
    __device__ __forceinline__ void read(int k, float (&v)[V], float (&g)[V]) const {
        in.read(k, v), gradient.read(k, g);
        if (!y) return;
        float o[V];
        out.read(k, o);
#pragma unroll
        for (int e = 0; e < V; e++) g[e] = o[e] <= 0.f ? 0.f : g[e];
    }
};

/* m and 1 / sqrt(v + epsilon) of a thread's channels. */
template <int V> struct Normal {
    float m[V], inverse[V];
    __device__ __forceinline__ Normal(const Part<V> &part, const float *statistics, float epsilon) {
        const float *of = statistics + (size_t)2 * part.shard * part.C + (part.any() ? part.c : 0);
#pragma unroll
        for (int e = 0; e < V; e++) m[e] = of[e], inverse[e] = 1.f / sqrtf(of[part.C + e] + epsilon);
    }
};

template <int V, typename T>
__device__ void parts_of(const T *x, const T *y, const T *dy, const float *statistics, float *parts, int N, int area,
                         int C, int q, float epsilon) {
    const Part<V> part(N, area, C, q, 0);
    if (part.from >= part.to) return;
    const Normal<V> normal(part, statistics, epsilon);
    float sum[V] = {}, product[V] = {};
    Inputs<V, T> inputs(x, y, dy);
    part.each([&](int k, size_t at) { inputs.fetch(k, at); }, [&](int k, size_t) {
        float v[V], g[V];
        inputs.read(k, v, g);
#pragma unroll
        for (int e = 0; e < V; e++) sum[e] += g[e], product[e] += g[e] * (v[e] - normal.m[e]);
    });
    add_rows(part, sum, product);
#pragma unroll
    for (int e = 0; e < V; e++) product[e] *= normal.inverse[e];
    put_part(part, parts, sum, product);
}

KERNEL batch_norm_gradient_finish(const float *parts, const float *around, const float *statistics, float *sums, int N,
                                  int area, int C, int q, int most, int each, float epsilon) {
    const Column column(parts, N, area, C, q, most, each);
    const float sum = column.sum([&](int i) { return column.first[(size_t)2 * i * C]; });
    const float product = column.sum([&](int i) { return column.first[(size_t)(2 * i + 1) * C]; });
    if (column.group > 0 || column.c >= C) return;
    const size_t at = (size_t)2 * column.shard * C + column.c;
    sums[at] = sum, sums[at + C] = product;
    if (each > 0) {
        const float m = statistics[at], inverse = 1.f / sqrtf(statistics[at + C] + epsilon);
        sums[at + C] = inverse * (product + (around[column.c] - m) * sum);
    }
}

KERNEL batch_norm_gradient_parameters(const float *sums, float *dscale, float *dshift, int shards, int C,
                                      float factor) {
    EACH(c, C) {
        ShardSum<float> sum, product;
        for (int s = 0; s < shards; s++) {
            sum.add(sums[(size_t)2 * s * C + c]);
            product.add(sums[(size_t)(2 * s + 1) * C + c]);
        }
        dscale[c] = factor * product.total(), dshift[c] = factor * sum.total();
    }
}

template <int V, typename T>
__device__ void gradient(const T *x, const T *y, const T *dy, const float *statistics, const float *sums,
                         const float *scale, const T *mask, T *dx, int add, T *dz, int addToDz, int N, int area, int C,
                         int q, int each, float epsilon) {
    const Part<V> part(N, area, C, q, each);
    const Normal<V> normal(part, statistics, epsilon);
    float factor[V], mean[V], slope[V];
#pragma unroll
    for (int e = 0; e < V; e++) {
        const int c = part.any() ? part.c + e : 0;
        const float *of = sums + (size_t)2 * part.shard * C + c;
        factor[e] = scale[c] * normal.inverse[e], mean[e] = of[0] / part.pixels;
        slope[e] = of[C] / part.pixels * normal.inverse[e];
    }
    Inputs<V, T> inputs(x, y, dy);
    part.each([&](int k, size_t at) { inputs.fetch(k, at); }, [&](int k, size_t at) {
        float v[V], g[V];
        inputs.read(k, v, g);
#pragma unroll
        for (int e = 0; e < V; e++) v[e] = factor[e] * (g[e] - mean[e] - slope[e] * (v[e] - normal.m[e]));
        put_gradient(mask, dx, add, at, v);
        if (dz) put_gradient<V, T>(nullptr, dz, addToDz, at, g);
    });
}

#define ENTRY(name, T)                                                                                               \
    KERNEL __launch_bounds__(THREADS, 2)                                                                             \
        batch_norm_gradient_parts_##name(const T *x, const T *y, const T *dy, const float *statistics, float *parts, \
                                         int N, int area, int C, int q, float epsilon) {                             \
        BY_WIDTH(T, parts_of, (x, y, dy, statistics, parts, N, area, C, q, epsilon));                                  \
    }                                                                                                                \
    KERNEL __launch_bounds__(THREADS, 2)                                                                             \
        batch_norm_gradient_##name(const T *x, const T *y, const T *dy, const float *statistics, const float *sums,  \
                                   const float *scale, const T *mask, T *dx, int add, T *dz, int addToDz, int N,     \
                                   int area, int C, int q, int each, float epsilon) {                                \
        BY_WIDTH(T, gradient,                                                                                        \
                 (x, y, dy, statistics, sums, scale, mask, dx, add, dz, addToDz, N, area, C, q, each, epsilon));     \
    }
FOR_EACH_TYPE(ENTRY)
