/* Where branches meet, on tensors of type T with total values.
 * add_T:        y = a + b, or max(0, a + b) where rectify is not 0
 * accumulate_T: dx = dx + dy, and 0 where mask (like dx, or null) is not positive: the last reader of a ReLU's output
 *               makes the gradient of the ReLU's input
 * needs   nothing: 16 bytes at a time where all tensors begin at a multiple of 16 bytes, else single values
 * launch  any grid and block: threads stride over the values
 * cost    each value read and written once
 * proof   ElementwiseKernelsTest, the backend contract
 */
#include "pack.cuh"

template <typename T> __device__ void add(const T *a, const T *b, T *y, int rectify, long long total) {
    each_pack<T>(total, aligned(a) && aligned(b) && aligned(y), [&](unsigned at, auto width) {
        constexpr int V = decltype(width)::value;
        float left[V], right[V];
        load(a + at, left);
        load(b + at, right);
#pragma unroll
        for (int e = 0; e < V; e++) {
            left[e] += right[e];
            if (rectify) left[e] = relu(left[e]);
        }
        store(y + at, left);
    });
}

template <typename T> __device__ void accumulate(const T *dy, const T *mask, T *dx, long long total) {
    each_pack<T>(total, aligned(dy) && aligned(mask) && aligned(dx), [&](unsigned at, auto width) {
        float g[decltype(width)::value];
        load(dy + at, g);
        put_gradient(mask, dx, 1, at, g);
    });
}

#define ENTRY(name, T)                                                                                               \
    KERNEL add_##name(const T *a, const T *b, T *y, int rectify, long long total) { add(a, b, y, rectify, total); }  \
    KERNEL accumulate_##name(const T *dy, const T *mask, T *dx, long long total) { accumulate(dy, mask, dx, total); }
FOR_EACH_TYPE(ENTRY)
