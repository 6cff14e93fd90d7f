/* The operations that no convolution absorbed, on tensors [N,H,W,C] of type T.
 * relu_T:              y = max(0, x)
 * relu_gradient_T:     dx = y > 0 ? dy : 0; y is the ReLU's output or input; dx may be dy
 * unpool_T:            dx [N,H,W,C] = dy of its 2x2 window at argmax (a byte, 2 dy + dx), else 0
 * upsample_T:          y [N,H,W,C] = x[h / factor, w / factor]
 * upsample_gradient_T: dx [N,H/factor,W/factor,C] = sum of dy over factor x factor; H, W are those of dy
 * live_T:              marks[k] = 1 where x[n][k] != 0 for some n; size values an image
 * floats_T:            y = x as f32
 * launch  any grid and block: threads stride over the values written
 * cost    each value read and written once
 * proof   CudaBackendTest (the backend contract)
 */
#include "types.cuh"

template <typename T> __device__ void unpool(const T *dy, const byte *argmax, T *dx, int N, int H, int W, int C) {
    EACH(at, (unsigned)N * H * W * C) {
        const int c = at % C, q = at / C % W, p = at / C / W % H, n = at / C / W / H;
        const long long from = (((long long)n * (H / 2) + p / 2) * (W / 2) + q / 2) * C + c;
        dx[at] = argmax[from] == p % 2 * 2 + q % 2 ? dy[from] : as<T>(0.f);
    }
}

template <typename T> __device__ void upsample(const T *x, T *y, int N, int H, int W, int C, int factor) {
    EACH(at, (unsigned)N * H * W * C) {
        const int c = at % C, q = at / C % W, p = at / C / W % H, n = at / C / W / H;
        y[at] = x[(((long long)n * (H / factor) + p / factor) * (W / factor) + q / factor) * C + c];
    }
}

template <typename T> __device__ void upsample_gradient(const T *dy, T *dx, int N, int H, int W, int C, int factor) {
    const int h = H / factor, w = W / factor;
    EACH(at, (unsigned)N * h * w * C) {
        const int c = at % C, q = at / C % w, p = at / C / w % h, n = at / C / w / h;
        float sum = 0;
        for (int k = 0; k < factor * factor; k++)
            sum += get(dy[(((long long)n * H + p * factor + k / factor) * W + q * factor + k % factor) * C + c]);
        dx[at] = as<T>(sum);
    }
}

#define ENTRY(name, T)                                                                                               \
    KERNEL relu_##name(const T *x, T *y, long long total) { EACH(at, total) y[at] = as<T>(relu(get(x[at]))); }       \
    KERNEL relu_gradient_##name(const T *y, const T *dy, T *dx, long long total) {                                   \
        EACH(at, total) dx[at] = get(y[at]) <= 0.f ? as<T>(0.f) : dy[at];                                            \
    }                                                                                                                \
    KERNEL unpool_##name(const T *dy, const byte *argmax, T *dx, int N, int H, int W, int C) {                       \
        unpool(dy, argmax, dx, N, H, W, C);                                                                          \
    }                                                                                                                \
    KERNEL upsample_##name(const T *x, T *y, int N, int H, int W, int C, int factor) {                               \
        upsample(x, y, N, H, W, C, factor);                                                                          \
    }                                                                                                                \
    KERNEL upsample_gradient_##name(const T *dy, T *dx, int N, int H, int W, int C, int factor) {                    \
        upsample_gradient(dy, dx, N, H, W, C, factor);                                                               \
    }                                                                                                                \
    KERNEL floats_##name(const T *x, float *y, long long total) { EACH(at, total) y[at] = get(x[at]); }              \
    KERNEL live_##name(const T *x, byte *marks, int N, int size) {                                                   \
        EACH(k, size) for (int n = 0; n < N; n++) if (get(x[(long long)n * size + k]) != 0.f) marks[k] = 1;          \
    }
FOR_EACH_TYPE(ENTRY)
