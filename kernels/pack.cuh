/* Values that a thread reads and writes together: 16 bytes of them, or one where rows or tensors do not allow that. */
#pragma once
#include "types.cuh"

template <typename T> constexpr int LANES = 16 / sizeof(T);

template <typename T, int V> struct alignas(V * sizeof(T)) Pack {
    T v[V];
};

template <int V, typename T> __device__ __forceinline__ void load(const T *from, float (&v)[V]) {
    const Pack<T, V> pack = *reinterpret_cast<const Pack<T, V> *>(from);
#pragma unroll
    for (int e = 0; e < V; e++) v[e] = get(pack.v[e]);
}

template <int V, typename T> __device__ __forceinline__ void store(T *to, const float (&v)[V]) {
    Pack<T, V> pack;
#pragma unroll
    for (int e = 0; e < V; e++) pack.v[e] = as<T>(v[e]);
    *reinterpret_cast<Pack<T, V> *>(to) = pack;
}

/* The gradient g of x goes to dx, or is added where other readers of x have left theirs. Where x is the output of a
 * ReLU, given as mask, the last reader makes it the gradient of the ReLU's input. */
template <int V, typename T>
__device__ __forceinline__ void put_gradient(const T *mask, T *dx, int add, size_t at, float (&g)[V]) {
    if (add) {
        float before[V];
        load(dx + at, before);
#pragma unroll
        for (int e = 0; e < V; e++) g[e] = before[e] + g[e];
    }
    if (mask) {
        float x[V];
        load(mask + at, x);
#pragma unroll
        for (int e = 0; e < V; e++) g[e] = x[e] <= 0.f ? 0.f : g[e];
    }
    store(dx + at, g);
}

template <int V> struct Width {
    static constexpr int value = V;
};

__device__ __forceinline__ bool aligned(const void *x) { return reinterpret_cast<size_t>(x) % 16 == 0; }

/* Threads stride over total values: f(at, Width<V>()) takes V from at on. */
template <typename T, typename F> __device__ __forceinline__ void each_pack(unsigned total, bool aligned, F f) {
    const unsigned whole = aligned ? total / LANES<T> : 0, single = whole * LANES<T>;
    EACH(i, whole) f(i * LANES<T>, Width<LANES<T>>());
    EACH(i, total - single) f(single + i, Width<1>());
}

/* f(Width<V>()) for the widest V that rows of C values allow. */
template <typename T, typename F> __device__ __forceinline__ void by_width(int C, F f) {
    if (C % LANES<T> == 0) f(Width<LANES<T>>());
    else f(Width<1>());
}

/* In a kernel with C: a function for the widest values. */
#define BY_WIDTH(T, function, arguments) by_width<T>(C, [&](auto width) { function<decltype(width)::value> arguments; })
