/* Pooling over windows of kernel x kernel pixels, stride apart, with padding on each side: output pixel (p, q) covers
 * rows p stride - padding + i and columns q stride - padding + j, i, j < kernel. x [N,H,W,C] T, y [N,h,w,C] T.
 * max_pool_any_T:          y = the maximum of what lies in the image; argmax [N,h,w,C] = i kernel + j of the first one
 *                          in row-major order, or null; a NaN is larger than all
 * max_pool_any_gradient_T: g = sum of dy over the windows whose argmax is this pixel
 * average_pool_T:          y = sum / kernel^2; what lies outside counts as 0
 * average_pool_gradient_T: g = sum of dy / kernel^2 over the windows that contain this pixel
 * global_average_pool_T:   y [N,C] = mean over the pixels
 * global_average_pool_gradient_T: g = dy / pixels
 * Every gradient: dx = g, or dx + g where add is not 0, then 0 where mask (like dx, or null) is not positive.
 * needs   kernel at most 181 for argmax; tensors that begin at a multiple of 16 bytes where C fills such
 * launch  threads stride over the values written: any grid, block 256
 *         global_average_pool: grid (ceil(C / 32), N), block 256
 * cost    each value read and written once, and argmax; overlapping windows are served by the caches
 * proof   PoolKernelsTest, the backend contract
 */
#include "pack.cuh"

constexpr int THREADS = 256, COLUMNS = 32, GROUPS = THREADS / COLUMNS;
constexpr int MOST_KERNEL = 181;
static_assert(MOST_KERNEL * MOST_KERNEL <= 32768, "argmax has 15 bits");

struct Pool {
    int N, H, W, C, h, w, kernel, stride, padding;

    /* Windows of one axis that contain a pixel: [first, last]. */
    __device__ __forceinline__ int first(int pixel) const {
        const int from = pixel + padding - kernel + 1;
        return from > 0 ? (from + stride - 1) / stride : 0;
    }
    __device__ __forceinline__ int last(int pixel, int windows) const {
        return min((pixel + padding) / stride, windows - 1);
    }
};

/* Value at of a tensor [N,height,width,C / V]. */
struct Place {
    int c, q, p, n;
    __device__ __forceinline__ Place(unsigned at, int height, int width, int C)
        : c(at % C), q(at / C % width), p(at / C / width % height), n(at / C / width / height) {}
};

/* f(value's place, i, j) for the pixels of a window that lie in the image, row by row. */
template <typename F> __device__ __forceinline__ void each_pixel(const Pool &o, const Place &y, F f) {
    const int top = y.p * o.stride - o.padding, side = y.q * o.stride - o.padding;
    for (int i = max(0, -top); i < min(o.kernel, o.H - top); i++)
        for (int j = max(0, -side); j < min(o.kernel, o.W - side); j++)
            f((((size_t)y.n * o.H + top + i) * o.W + side + j) * o.C, i, j);
}

/* f(window's place, i, j) for the windows that contain a pixel, of which it is pixel (i, j). */
template <typename F> __device__ __forceinline__ void each_window(const Pool &o, const Place &x, F f) {
    for (int p = o.first(x.p); p <= o.last(x.p, o.h); p++)
        for (int q = o.first(x.q); q <= o.last(x.q, o.w); q++)
            f((((size_t)x.n * o.h + p) * o.w + q) * o.C, x.p - p * o.stride + o.padding,
              x.q - q * o.stride + o.padding);
}

template <int V, typename T> __device__ void max_pool(const Pool &o, const T *x, T *y, short *argmax) {
    EACH(at, (unsigned)o.N * o.h * o.w * (o.C / V)) {
        const Place to(at, o.h, o.w, o.C / V);
        float best[V];
        int which[V];
        bool found = false;
        each_pixel(o, to, [&](size_t from, int i, int j) {
            float v[V];
            load(x + from + to.c * V, v);
#pragma unroll
            for (int e = 0; e < V; e++)
                if (!found || beats(v[e], best[e])) best[e] = v[e], which[e] = i * o.kernel + j;
            found = true;
        });
        store(y + (size_t)at * V, best);
        if (argmax) {
            Pack<short, V> places;
#pragma unroll
            for (int e = 0; e < V; e++) places.v[e] = (short)which[e];
            reinterpret_cast<Pack<short, V> *>(argmax)[at] = places;
        }
    }
}

template <int V, typename T>
__device__ void max_pool_gradient(const Pool &o, const T *dy, const short *argmax, const T *mask, T *dx, int add) {
    EACH(at, (unsigned)o.N * o.H * o.W * (o.C / V)) {
        const Place to(at, o.H, o.W, o.C / V);
        float g[V] = {};
        each_window(o, to, [&](size_t from, int i, int j) {
            float d[V];
            load(dy + from + to.c * V, d);
            const Pack<short, V> places = *reinterpret_cast<const Pack<short, V> *>(argmax + from + to.c * V);
#pragma unroll
            for (int e = 0; e < V; e++) g[e] += places.v[e] == i * o.kernel + j ? d[e] : 0.f;
        });
        put_gradient(mask, dx, add, (size_t)at * V, g);
    }
}

template <int V, typename T> __device__ void average_pool(const Pool &o, const T *x, T *y) {
    EACH(at, (unsigned)o.N * o.h * o.w * (o.C / V)) {
        const Place to(at, o.h, o.w, o.C / V);
        float sum[V] = {};
        each_pixel(o, to, [&](size_t from, int, int) {
            float v[V];
            load(x + from + to.c * V, v);
#pragma unroll
            for (int e = 0; e < V; e++) sum[e] += v[e];
        });
#pragma unroll
        for (int e = 0; e < V; e++) sum[e] /= o.kernel * o.kernel;
        store(y + (size_t)at * V, sum);
    }
}

template <int V, typename T>
__device__ void average_pool_gradient(const Pool &o, const T *dy, const T *mask, T *dx, int add) {
    EACH(at, (unsigned)o.N * o.H * o.W * (o.C / V)) {
        const Place to(at, o.H, o.W, o.C / V);
        float g[V] = {};
        each_window(o, to, [&](size_t from, int, int) {
            float d[V];
            load(dy + from + to.c * V, d);
#pragma unroll
            for (int e = 0; e < V; e++) g[e] += d[e];
        });
#pragma unroll
        for (int e = 0; e < V; e++) g[e] /= o.kernel * o.kernel;
        put_gradient(mask, dx, add, (size_t)at * V, g);
    }
}

/* Groups of pixels by columns of channels; the groups are added in their order. */
template <typename T> __device__ void global_average_pool(const T *x, T *y, int pixels, int C) {
    __shared__ float part[GROUPS][COLUMNS];
    const int lane = threadIdx.x % COLUMNS, group = threadIdx.x / COLUMNS, c = blockIdx.x * COLUMNS + lane;
    const T *image = x + (size_t)blockIdx.y * pixels * C;
    float sum = 0;
    if (c < C)
        for (int m = group; m < pixels; m += GROUPS) sum += get(image[(size_t)m * C + c]);
    part[group][lane] = sum;
    __syncthreads();
    if (group == 0 && c < C) {
        for (int k = 1; k < GROUPS; k++) sum += part[k][lane];
        y[(size_t)blockIdx.y * C + c] = as<T>(sum / pixels);
    }
}

template <int V, typename T>
__device__ void global_average_pool_gradient(const T *dy, const T *mask, T *dx, int add, int N, int pixels, int C) {
    EACH(at, (unsigned)N * pixels * (C / V)) {
        float g[V];
        load(dy + (size_t)(at / (C / V) / pixels) * C + at % (C / V) * V, g);
#pragma unroll
        for (int e = 0; e < V; e++) g[e] /= pixels;
        put_gradient(mask, dx, add, (size_t)at * V, g);
    }
}

#define POOL_PARAMETERS int N, int H, int W, int C, int h, int w, int kernel, int stride, int padding
#define POOL Pool{N, H, W, C, h, w, kernel, stride, padding}
#define ENTRY(name, T)                                                                                               \
    KERNEL max_pool_any_##name(const T *x, T *y, short *argmax, POOL_PARAMETERS) {                                   \
        BY_WIDTH(T, max_pool, (POOL, x, y, argmax));                                                                   \
    }                                                                                                                \
    KERNEL max_pool_any_gradient_##name(const T *dy, const short *argmax, const T *mask, T *dx, int add,             \
                                        POOL_PARAMETERS) {                                                           \
        BY_WIDTH(T, max_pool_gradient, (POOL, dy, argmax, mask, dx, add));                                             \
    }                                                                                                                \
    KERNEL average_pool_##name(const T *x, T *y, POOL_PARAMETERS) { BY_WIDTH(T, average_pool, (POOL, x, y)); }         \
    KERNEL average_pool_gradient_##name(const T *dy, const T *mask, T *dx, int add, POOL_PARAMETERS) {               \
        BY_WIDTH(T, average_pool_gradient, (POOL, dy, mask, dx, add));                                                 \
    }                                                                                                                \
    KERNEL global_average_pool_##name(const T *x, T *y, int pixels, int C) { global_average_pool(x, y, pixels, C); } \
    KERNEL global_average_pool_gradient_##name(const T *dy, const T *mask, T *dx, int add, int N, int pixels,        \
                                               int C) {                                                              \
        BY_WIDTH(T, global_average_pool_gradient, (dy, mask, dx, add, N, pixels, C));                                  \
    }
FOR_EACH_TYPE(ENTRY)
