/* The convolution behind a nearest-neighbour upsampling by 2, seen as its transpose: small pixel (p, q)
 * touches the outputs (2p - 1 + ty, 2q - 1 + tx), ty, tx < 4, with V[ty][tx] (sums of the 3x3 taps: prepare.cu).
 * For a layer of few outputs the product with V comes first, for all 16 taps at once:
 * gather_taps_T:  y[n, r, s, o] = b[o] + sum of the four z[n, p, q, (4 ty + tx) padded + o] that touch (r, s)
 * tap_patches_T:  patches[n, p, q, (4 ty + tx) 4 + c] = d[n, 2p - 1 + ty, 2q - 1 + tx, c], zero outside
 * z [N,h,w,16 padded] T, b [Co] f32 -> y [N,2h,2w,Co] T;  d [N,2h,2w,4] T -> patches [N,h,w,64] T
 * launch  any grid and block: threads stride over the values written
 * proof   CudaBackendTest (the backend contract)
 */
#include "types.cuh"

template <typename T>
__device__ void gather_taps(const T *z, const float *bias, T *y, int N, int h, int w, int Co, int padded) {
    EACH(at, 4u * N * h * w * Co) {
        const int o = at % Co, s = at / Co % (2 * w), r = at / Co / (2 * w) % (2 * h), n = at / Co / (2 * w) / (2 * h);
        float sum = bias[o];
        for (int k = 0; k < 4; k++) {
            const int ty = 1 - r % 2 + 2 * (k / 2), tx = 1 - s % 2 + 2 * (k % 2);
            const int p = (r + 1 - ty) / 2, q = (s + 1 - tx) / 2; // exact: both are even, or -2 at the border
            if (p < 0 || p >= h || q < 0 || q >= w) continue;
            sum += get(z[((((long long)n * h + p) * w + q) * 16 + 4 * ty + tx) * padded + o]);
        }
        y[at] = as<T>(sum);
    }
}

template <typename T> struct alignas(4 * sizeof(T)) Four {
    T v[4];
};

template <typename T> __device__ void tap_patches(const Four<T> *d, Four<T> *patches, int N, int h, int w) {
    const Four<T> zero = {as<T>(0.f), as<T>(0.f), as<T>(0.f), as<T>(0.f)};
    EACH(at, 16u * N * h * w) {
        const int tap = at % 16, q = at / 16 % w, p = at / 16 / w % h, n = at / 16 / w / h;
        const int r = 2 * p - 1 + tap / 4, s = 2 * q - 1 + tap % 4;
        const bool inside = (unsigned)r < 2u * h && (unsigned)s < 2u * w;
        patches[at] = inside ? d[((long long)n * 2 * h + r) * 2 * w + s] : zero;
    }
}

#define ENTRY(name, T)                                                                                               \
    KERNEL gather_taps_##name(const T *z, const float *bias, T *y, int N, int h, int w, int Co, int padded) {        \
        gather_taps(z, bias, y, N, h, w, Co, padded);                                                                \
    }                                                                                                                \
    KERNEL tap_patches_##name(const Four<T> *d, Four<T> *patches, int N, int h, int w) {                               \
        tap_patches(d, patches, N, h, w);                                                                         \
    }
FOR_EACH_TYPE(ENTRY)
