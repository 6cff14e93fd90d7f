/* gather_images_T, normalize_images_T, gather_patches_T: a minibatch in [0, 1] from the images that stay on the device.
 * images [count,C,H,W] bytes, rows [N] which images (in device memory: a captured graph freezes its
 * arguments) -> out [N,H,W,C], or patches [N H W, columns]: the k x k neighbourhood of each pixel as
 * (i k + j) C + c, zero outside the image and in columns from k k C on
 *   normalize_images: out = (image in [0, 1] - mean[c]) / deviation[c]
 * needs   patches: columns a multiple of 8 and at most 256, rows of H < 2^14
 * launch  any grid and block: threads stride over out
 * cost    reads 1 byte, writes one value each; a patch makes the first convolution a plain product
 * proof   StagesOnHostTest, CudaBackendTest (the backend contract)
 */
#include "types.cuh"

constexpr int MOST_COLUMNS = 256, WIDTH = 8; // of a patch, and those of them that a thread writes

template <typename T>
__device__ void gather_images(const byte *images, const int *rows, T *out, int N, int C, int H, int W) {
    EACH(at, (unsigned)N * H * W * C) {
        const int c = at % C, x = at / C % W, y = at / C / W % H, n = at / C / W / H;
        out[at] = as<T>(images[(((long long)rows[n] * C + c) * H + y) * W + x] / 255.f);
    }
}

template <typename T>
__device__ void normalize_images(const byte *images, const int *rows, T *out, int N, int C, int H, int W,
                                 const float *mean, const float *deviation) {
    EACH(at, (unsigned)N * H * W * C) {
        const int c = at % C, x = at / C % W, y = at / C / W % H, n = at / C / W / H;
        const float value = images[(((long long)rows[n] * C + c) * H + y) * W + x] / 255.f;
        out[at] = as<T>((value - mean[c]) / deviation[c]);
    }
}

template <typename T> struct alignas(16) Eight {
    T v[WIDTH];
};

/* Where a column of a patch comes from, relative to its pixel; outside every image if it is padding. */
struct Source {
    short dy, dx;
    int plane;
};

template <typename T>
__device__ void gather_patches(const byte *images, const int *rows, T *out, int N, int C, int H, int W, int k,
                               int columns) {
    __shared__ Source sources[MOST_COLUMNS];
    for (int column = threadIdx.x; column < columns; column += blockDim.x) {
        const int tap = column / C;
        const bool padding = tap >= k * k;
        sources[column] = {(short)(padding ? 1 << 14 : tap / k - k / 2), (short)(tap % k - k / 2), column % C * H * W};
    }
    __syncthreads();
    const int units = columns / WIDTH;
    EACH(at, (unsigned)N * H * W * units) {
        const int unit = at % units, x = at / units % W, y = at / units / W % H, n = at / units / W / H;
        const byte *image = images + (long long)rows[n] * C * H * W;
        Eight<T> result;
#pragma unroll
        for (int e = 0; e < WIDTH; e++) {
            const Source from = sources[WIDTH * unit + e];
            const int sy = y + from.dy, sx = x + from.dx;
            const bool inside = (unsigned)sy < (unsigned)H && (unsigned)sx < (unsigned)W;
            result.v[e] = as<T>(inside ? image[from.plane + sy * W + sx] / 255.f : 0.f);
        }
        reinterpret_cast<Eight<T> *>(out)[at] = result;
    }
}

#define ENTRY(name, T)                                                                                               \
    KERNEL gather_images_##name(const byte *images, const int *rows, T *out, int N, int C, int H, int W) {           \
        gather_images(images, rows, out, N, C, H, W);                                                                \
    }                                                                                                                \
    KERNEL normalize_images_##name(const byte *images, const int *rows, T *out, int N, int C, int H, int W,          \
                                   const float *mean, const float *deviation) {                                      \
        normalize_images(images, rows, out, N, C, H, W, mean, deviation);                                            \
    }                                                                                                                \
    KERNEL gather_patches_##name(const byte *images, const int *rows, T *out, int N, int C, int H, int W, int k,     \
                                 int columns) {                                                                      \
        gather_patches(images, rows, out, N, C, H, W, k, columns);                                                   \
    }
FOR_EACH_TYPE(ENTRY)
