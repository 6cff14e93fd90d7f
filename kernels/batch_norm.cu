/* Batch normalisation of x [N,H,W,C] T, area = H W, in shards of q images, forward. m and v are mean and population
 * variance of a channel over the pixels of one shard.
 * batch_norm_parts_T:  parts [shards][most][2][C] f32: of each part of a shard's pixels its mean and the sum of squared
 *                      deviations from that; most = min(128, ceil(q area / 256))
 * batch_norm_finish:   parts -> statistics [shards][2][C] f32: m, v; merged as Chan, Golub, LeVeque 1983 do, so that
 *                      nothing cancels where |m| is much larger than sqrt(v). Parts of `each` pixels, as a product's
 *                      moments (tensor/gather_gemm.cuh) leave them, or with 0 those of batch_norm_parts
 * batch_norm_running:  mean = (1 - momentum) mean + momentum M, variance likewise with V: the means over the N images of
 *                      their shard's m and of its v n / (n - 1), n the shard's pixels (v where n = 1); once a step, of all
 *                      shards, which shards.cuh adds
 * batch_norm_T:        y = scale (x - m) / sqrt(v + epsilon) + shift, then + addend (like x, or null), then max(0, ..)
 *                      where rectify is not 0. m and v of shard s begin at mean + s stride and variance + s stride:
 *                      statistics and statistics + C with stride 2 C in training, the running ones with stride 0 elsewhere
 * needs   tensors of T that begin at a multiple of 16 bytes where C fills such
 * launch  block 256, shards = ceil(N / q), columns = ceil(C / (8 V)) with V = 16 bytes of T if C is a multiple, else 1:
 *         parts: grid (most, columns, shards); finish: grid (ceil(C / 8), shards); running: any grid;
 *         batch_norm: grid (ceil(q area / each), columns, shards), each > 0; q does not matter where stride is 0
 * cost    reads x twice, writes y; parts are 8 C bytes for 256 pixels or more
 * source  Ioffe, Szegedy 2015, arXiv:1502.03167, algorithm 1
 * proof   BatchNormKernelsTest, the backend contract
 */
#include "batch_norm.cuh"
#include "shards.cuh"

/* Shifted by the part's first pixel, so that squares of the mean do not drown the variance. */
template <int V, typename T> __device__ void parts_of(const T *x, float *parts, int N, int area, int C, int q) {
    const Part<V> part(N, area, C, q, 0);
    if (part.from >= part.to) return;
    float first[V] = {}, sum[V] = {}, squares[V] = {};
    if (part.any()) load(x + part.at(part.from), first);
    Ahead<T, V> ahead;
    part.each([&](int k, size_t at) { ahead.fetch(k, x + at); }, [&](int k, size_t) {
        float v[V];
        ahead.read(k, v);
#pragma unroll
        for (int e = 0; e < V; e++) {
            const float d = v[e] - first[e];
            sum[e] += d, squares[e] += d * d;
        }
    });
    add_rows(part, sum, squares);
    const float pixels = part.to - part.from;
#pragma unroll
    for (int e = 0; e < V; e++) {
        const float around = squares[e] - sum[e] * (sum[e] / pixels);
        squares[e] = around < 0.f ? 0.f : around, sum[e] = first[e] + sum[e] / pixels;
    }
    put_part(part, parts, sum, squares);
}

KERNEL batch_norm_finish(const float *parts, float *statistics, int N, int area, int C, int q, int most, int each) {
    const Column column(parts, N, area, C, q, most, each);
    const float *means = column.first, *squares = column.first + C;
    const float m = column.sum([&](int i) { return column.of(i) * means[(size_t)2 * i * C]; }) / column.pixels;
    const float v = column.sum([&](int i) {
        const float d = means[(size_t)2 * i * C] - m;
        return squares[(size_t)2 * i * C] + column.of(i) * d * d;
    }) / column.pixels;
    if (column.group > 0 || column.c >= C) return;
    float *to = statistics + (size_t)2 * column.shard * C + column.c;
    to[0] = m, to[C] = v;
}

KERNEL batch_norm_running(const float *statistics, float *mean, float *variance, int N, int area, int C, int q,
                          float momentum) {
    EACH(c, C) {
        ShardSum<float> means, variances;
        for (int s = 0; s * q < N; s++) {
            const float images = min(q, N - s * q), n = images * area;
            const float *of = statistics + (size_t)2 * s * C + c;
            means.add(images * of[0]);
            variances.add(images * (n > 1 ? of[C] * (n / (n - 1)) : of[C]));
        }
        mean[c] = (1 - momentum) * mean[c] + momentum * (means.total() / N);
        variance[c] = (1 - momentum) * variance[c] + momentum * (variances.total() / N);
    }
}

template <int V, typename T>
__device__ void normalise(const T *x, const T *addend, const float *mean, const float *variance, const float *scale,
                          const float *shift, T *y, int N, int area, int C, int q, int each, int stride, float epsilon,
                          int rectify) {
    const Part<V> part(N, area, C, q, each);
    float m[V], factor[V], offset[V];
#pragma unroll
    for (int e = 0; e < V; e++) {
        const int c = part.any() ? part.c + e : 0;
        const size_t at = (size_t)part.shard * stride + c;
        m[e] = mean[at], factor[e] = scale[c] / sqrtf(variance[at] + epsilon), offset[e] = shift[c];
    }
    Ahead<T, V> in, other;
    const auto fetch = [&](int k, size_t at) {
        in.fetch(k, x + at);
        if (addend) other.fetch(k, addend + at);
    };
    part.each(fetch, [&](int k, size_t at) {
        float v[V], z[V] = {};
        in.read(k, v);
        if (addend) other.read(k, z);
#pragma unroll
        for (int e = 0; e < V; e++) {
            v[e] = factor[e] * (v[e] - m[e]) + offset[e] + z[e];
            if (rectify) v[e] = relu(v[e]);
        }
        store(y + at, v);
    });
}

#define ENTRY(name, T)                                                                                               \
    KERNEL __launch_bounds__(THREADS, 2)                                                                             \
        batch_norm_parts_##name(const T *x, float *parts, int N, int area, int C, int q) {                           \
        BY_WIDTH(T, parts_of, (x, parts, N, area, C, q));                                                              \
    }                                                                                                                \
    KERNEL __launch_bounds__(THREADS, 2)                                                                             \
        batch_norm_##name(const T *x, const T *addend, const float *mean, const float *variance, const float *scale, \
                          const float *shift, T *y, int N, int area, int C, int q, int each, int stride,             \
                          float epsilon, int rectify) {                                                              \
        BY_WIDTH(T, normalise,                                                                                       \
                 (x, addend, mean, variance, scale, shift, y, N, area, C, q, each, stride, epsilon, rectify));       \
    }
FOR_EACH_TYPE(ENTRY)
