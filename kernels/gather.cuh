/* What the gathered products of gather_gemm.cu and gather_gemm_any.cu share: arguments, pixels, epilogues. */
#pragma once
#include "types.cuh"

enum Epilogue { PLAIN, RELU, POOL, MASK, UNPOOL, ADD };

template <typename T> struct Gather {
    const T *x, *w;
    const float *bias;
    const T *mask, *addend;
    T *y;
    byte *argmax;
    int N, Hi, Wi, Ci, Gh, Gw, Co, Kh, Kw, s, oy, ox, ps, os, first;
};

struct Pixel {
    int n, p, q;
};

/* Row m of the product. Under pooling four successive rows are one 2x2 window. */
template <int EPILOGUE, typename T> __device__ __forceinline__ Pixel pixel(const Gather<T> &g, int m) {
    int d = 0, h = g.Gh, w = g.Gw;
    if (EPILOGUE == POOL) {
        d = m & 3, m >>= 2, h >>= 1, w >>= 1;
    }
    Pixel at = {m / (w * h), m / w % h, m % w};
    if (EPILOGUE == POOL) {
        at.p = 2 * at.p + (d >> 1), at.q = 2 * at.q + (d & 1);
    }
    return at;
}

/* Four or fewer neighbouring values; the scalar form checks each. */
template <bool WIDE, typename T> __device__ __forceinline__ void store(T *to, const float (&v)[4], int left) {
    if constexpr (WIDE) {
        if (left > 0) *reinterpret_cast<float4 *>(to) = make_float4(v[0], v[1], v[2], v[3]);
    } else {
#pragma unroll
        for (int e = 0; e < 4; e++)
            if (e < left) to[e] = as<T>(v[e]);
    }
}

/* Bias, ReLU and maximum of the four rows of a window. */
template <bool WIDE, typename T>
__device__ __forceinline__ void finish_window(const Gather<T> &g, size_t at, float (&acc)[4][4], float (&bias)[4],
                                              int left) {
    float best[4];
    byte which[4];
#pragma unroll
    for (int e = 0; e < 4; e++) {
        best[e] = acc[0][e], which[e] = 0;
#pragma unroll
        for (int r = 1; r < 4; r++)
            if (beats(acc[r][e], best[e])) best[e] = acc[r][e], which[e] = r;
        best[e] = relu(best[e] + bias[e]);
    }
    store<WIDE>(g.y + at, best, left);
#pragma unroll
    for (int e = 0; e < 4; e++)
        if (e < left) g.argmax[at + e] = which[e];
}

template <bool WIDE, int EPILOGUE, typename T>
__device__ __forceinline__ void finish_row(const Gather<T> &g, const Pixel &to, int c, float (&acc)[4],
                                           float (&bias)[4], int phase) {
    const int left = g.Co - c;
    const size_t row = (size_t)to.n * g.Gh * g.os + to.p * g.os + (phase >> 1);
    const size_t at = (row * g.Gw * g.os + to.q * g.os + (phase & 1)) * g.Co + c;
    float v[4];
#pragma unroll
    for (int e = 0; e < 4; e++) {
        v[e] = acc[e] + bias[e];
        if (EPILOGUE == RELU) v[e] = relu(v[e]);
        if (EPILOGUE == ADD && g.addend && e < left) v[e] += get(g.addend[at + e]);
        const bool masks = EPILOGUE == ADD ? g.mask != nullptr : EPILOGUE >= MASK;
        if (masks && e < left && get(g.mask[at + e]) <= 0.f) v[e] = 0.f;
    }
    if constexpr (EPILOGUE == UNPOOL) {
#pragma unroll
        for (int d = 0; d < 4; d++) {
            const size_t window = (row * 2 + (d >> 1)) * g.Gw * 2 + to.q * 2 + (d & 1);
            float u[4];
#pragma unroll
            for (int e = 0; e < 4; e++) u[e] = e < left && g.argmax[at + e] == d ? v[e] : 0.f;
            store<WIDE>(g.y + window * g.Co + c, u, left);
        }
    } else {
        store<WIDE>(g.y + at, v, left);
    }
}

/* acc holds rows r0..r0+3 (one pooling window) of columns c..c+3. */
template <bool WIDE, int EPILOGUE, typename T>
__device__ __forceinline__ void finish(const Gather<T> &g, int m, int c, float (&acc)[4][4], int phase) {
    const int left = g.Co - c;
    const int M = g.N * g.Gh * g.Gw;
    if (left <= 0 || m >= M) return;
    float bias[4] = {0, 0, 0, 0};
    if (EPILOGUE < MASK && g.bias)
#pragma unroll
        for (int e = 0; e < 4; e++) bias[e] = e < left ? g.bias[c + e] : 0.f;
    if constexpr (EPILOGUE == POOL) {
        finish_window<WIDE>(g, (size_t)(m >> 2) * g.Co + c, acc, bias, left);
    } else {
#pragma unroll
        for (int r = 0; r < 4; r++)
            if (m + r < M) finish_row<WIDE, EPILOGUE>(g, pixel<EPILOGUE>(g, m + r), c, acc[r], bias, phase);
    }
}

#define GATHER_PARAMETERS(T)                                                                                         \
    const T *x, const T *w, const float *bias, const T *mask, const T *addend, T *y, byte *argmax, int N, int Hi,    \
        int Wi, int Ci, int Gh, int Gw, int Co, int Kh, int Kw, int s, int oy, int ox, int ps, int os, int first
#define GATHER_ARGUMENTS {x, w, bias, mask, addend, y, argmax, N, Hi, Wi, Ci, Gh, Gw, Co, Kh, Kw, s, oy, ox, ps, os, first}
