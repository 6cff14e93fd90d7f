/* Activation functions f other than ReLU, on tensors of type T with total values.
 * gelu_T:       y = x (1 + erf(x / sqrt(2))) / 2              Hendrycks, Gimpel 2016, arXiv:1606.08415
 * silu_T:       y = x / (1 + exp(-x))                         Elfwing et al. 2017, arXiv:1702.03118
 * leaky_relu_T: y = x > 0 ? x : slope x                       Maas et al. 2013
 * ..._gradient_T: dx = f'(x) dy, added to dx where add is not 0, then 0 where mask (like dx, or null) is not positive;
 *               dx may be dy; the derivative of leaky_relu at 0 is the slope
 * needs   nothing: 16 bytes at a time where all tensors begin at a multiple of 16 bytes, else single values
 * launch  any grid and block: threads stride over the values
 * cost    each value read and written once
 * proof   ElementwiseKernelsTest, the backend contract
 */
#include "pack.cuh"

struct Gelu {
    __device__ __forceinline__ static float below(float x) { return 0.5f * (1.f + erff(x * 0.70710678f)); }
    __device__ __forceinline__ float value(float x) const { return x * below(x); }
    __device__ __forceinline__ float slope(float x) const {
        return below(x) + x * 0.39894228f * expf(-0.5f * x * x); // the normal distribution and x times its density
    }
};

struct Silu {
    __device__ __forceinline__ float value(float x) const { return x / (1.f + expf(-x)); }
    __device__ __forceinline__ float slope(float x) const {
        const float s = 1.f / (1.f + expf(-x));
        return s * (1.f + x * (1.f - s));
    }
};

struct LeakyRelu {
    float below;
    __device__ __forceinline__ float value(float x) const { return x > 0.f ? x : below * x; }
    __device__ __forceinline__ float slope(float x) const { return x > 0.f ? 1.f : below; }
};

template <typename T, typename F> __device__ void activate(F f, const T *x, T *y, long long total) {
    each_pack<T>(total, aligned(x) && aligned(y), [&](unsigned at, auto width) {
        constexpr int V = decltype(width)::value;
        float v[V];
        load(x + at, v);
#pragma unroll
        for (int e = 0; e < V; e++) v[e] = f.value(v[e]);
        store(y + at, v);
    });
}

template <typename T, typename F>
__device__ void gradient(F f, const T *x, const T *dy, const T *mask, T *dx, int add, long long total) {
    const bool whole = aligned(x) && aligned(dy) && aligned(mask) && aligned(dx);
    each_pack<T>(total, whole, [&](unsigned at, auto width) {
        constexpr int V = decltype(width)::value;
        float v[V], g[V];
        load(x + at, v);
        load(dy + at, g);
#pragma unroll
        for (int e = 0; e < V; e++) g[e] *= f.slope(v[e]);
        put_gradient(mask, dx, add, at, g);
    });
}

#define ENTRY(name, T)                                                                                               \
    KERNEL gelu_##name(const T *x, T *y, long long total) { activate(Gelu(), x, y, total); }                         \
    KERNEL gelu_gradient_##name(const T *x, const T *dy, const T *mask, T *dx, int add, long long total) {           \
        gradient(Gelu(), x, dy, mask, dx, add, total);                                                               \
    }                                                                                                                \
    KERNEL silu_##name(const T *x, T *y, long long total) { activate(Silu(), x, y, total); }                         \
    KERNEL silu_gradient_##name(const T *x, const T *dy, const T *mask, T *dx, int add, long long total) {           \
        gradient(Silu(), x, dy, mask, dx, add, total);                                                               \
    }                                                                                                                \
    KERNEL leaky_relu_##name(const T *x, T *y, float slope, long long total) {                                       \
        activate(LeakyRelu{slope}, x, y, total);                                                                     \
    }                                                                                                                \
    KERNEL leaky_relu_gradient_##name(const T *x, const T *dy, const T *mask, T *dx, int add, float slope,           \
                                      long long total) {                                                             \
        gradient(LeakyRelu{slope}, x, dy, mask, dx, add, total);                                                     \
    }
FOR_EACH_TYPE(ENTRY)
