/* gather_images_T, gather_patches_T: a minibatch in [0, 1] from the images that stay on the device.
 * images [count,C,H,W] bytes, rows [N] which images (in device memory: a captured graph freezes its
 * arguments) -> out [N,H,W,C], or patches [N H W, columns]: the k x k neighbourhood of each pixel as
 * (i k + j) C + c, zero outside the image and in columns from k k C on
 * launch  any grid and block: threads stride over the values of out
 * cost    reads 1 byte, writes one value each; a patch makes the first convolution a plain product
 * proof   CudaBackendTest (the backend contract)
 */
#include "types.cuh"

template <typename T>
__device__ void gather_images(const byte *images, const int *rows, T *out, int N, int C, int H, int W) {
    const long long total = (long long)N * H * W * C;
    for (long long at = first_index(); at < total; at += index_stride()) {
        const int c = at % C, x = at / C % W, y = at / C / W % H, n = at / C / W / H;
        out[at] = as<T>(images[(((long long)rows[n] * C + c) * H + y) * W + x] / 255.f);
    }
}

template <typename T>
__device__ void gather_patches(const byte *images, const int *rows, T *out, int N, int C, int H, int W, int k,
                               int columns) {
    const long long total = (long long)N * H * W * columns;
    for (long long at = first_index(); at < total; at += index_stride()) {
        const int column = at % columns, c = column % C, tap = column / C;
        const int pixel = at / columns % (H * W), n = at / columns / (H * W);
        const int y = pixel / W + tap / k - k / 2, x = pixel % W + tap % k - k / 2;
        const bool inside = tap < k * k && (unsigned)y < (unsigned)H && (unsigned)x < (unsigned)W;
        out[at] = as<T>(inside ? images[(((long long)rows[n] * C + c) * H + y) * W + x] / 255.f : 0.f);
    }
}

#define ENTRY(name, T)                                                                                               \
    KERNEL gather_images_##name(const byte *images, const int *rows, T *out, int N, int C, int H, int W) {           \
        gather_images(images, rows, out, N, C, H, W);                                                                \
    }                                                                                                                \
    KERNEL gather_patches_##name(const byte *images, const int *rows, T *out, int N, int C, int H, int W, int k,     \
                                 int columns) {                                                                      \
        gather_patches(images, rows, out, N, C, H, W, k, columns);                                                   \
    }
FOR_EACH_TYPE(ENTRY)
