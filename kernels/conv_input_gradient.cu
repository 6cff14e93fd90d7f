/* conv_input_gradient_T: the gradient of the input of a convolution with any window, where no gathered product fits:
 *   g[n, r, s, ci] = sum over the output pixels (p, q) whose windows contain (r, s), by row, and over co of
 *                    dy[n, p, q, co] w[r - p stride + padding, s - q stride + padding, ci, co]
 *   dx = g, or dx + g where add is not 0, then 0 where mask (like dx, or null) is not positive
 * dy [N,h,w,Co] T, w [kernel,kernel,Ci,Co] f32 (the master) -> dx [N,H,W,Ci] T
 * launch  any grid and block: threads stride over dx
 * cost    2 N h w kernel^2 Ci Co flop, one thread a value: slow. Stride 1, and stride 2 with even H and W, are products
 *         of gather_gemm.cu (prepare.cu, forms 1, 5 and 6)
 * proof   ConvKernelsTest, the backend contract
 */
#include "pack.cuh"

template <typename T>
__device__ void conv_input_gradient(const T *dy, const float *w, const T *mask, T *dx, int add, int N, int H, int W,
                                    int Ci, int h, int width, int Co, int kernel, int stride, int padding) {
    EACH(at, (unsigned)N * H * W * Ci) {
        const int ci = at % Ci, s = at / Ci % W, r = at / Ci / W % H, n = at / Ci / W / H;
        float g[1] = {};
        // Tap i meets output row p where r + padding - i = p stride: every stride-th tap does.
        for (int i = (r + padding) % stride + (kernel - 1) / stride * stride; i >= 0; i -= stride) {
            const int p = (r + padding - i) / stride;
            if (i >= kernel || i > r + padding || p >= h) continue;
            for (int j = (s + padding) % stride + (kernel - 1) / stride * stride; j >= 0; j -= stride) {
                const int q = (s + padding - j) / stride;
                if (j >= kernel || j > s + padding || q >= width) continue;
                const T *d = dy + (((size_t)n * h + p) * width + q) * Co;
                const float *row = w + ((size_t)(i * kernel + j) * Ci + ci) * Co;
                for (int co = 0; co < Co; co++) g[0] += get(d[co]) * row[co];
            }
        }
        put_gradient(mask, dx, add, at, g);
    }
}

#define ENTRY(name, T)                                                                                               \
    KERNEL conv_input_gradient_##name(const T *dy, const float *weights, const T *mask, T *dx, int add, int N,       \
                                      int H, int W, int Ci, int h, int w, int Co, int kernel, int stride,            \
                                      int padding) {                                                                 \
        conv_input_gradient(dy, weights, mask, dx, add, N, H, W, Ci, h, w, Co, kernel, stride, padding);             \
    }
FOR_EACH_TYPE(ENTRY)
