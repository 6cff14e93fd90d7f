/* loss_T: squared error of the output against its image, and the gradient of its mean.
 *   partial[n] = sum over values of (y - image)^2;  dy = scale (y - image),
 * scale = 2 / (values images), times the loss scale of fp16
 * y [N,H,W,C] T, images [count,C,H,W] bytes, rows [N] -> partial [N] f64, dy [N,H,W,stride] T or null;
 * channels from C to stride are zero (stride > C makes 16-byte rows)
 * launch  grid N, block 256
 * add_loss, add_loss_f32 (partial f32): sums[0] += (partial[0] + ... ) / values in fixed order; grid 1, block 256
 * proof   CudaBackendTest (the backend contract)
 */
#include "types.cuh"

constexpr int THREADS = 256;

/* Sum over a block, the same order every time; valid in thread 0. */
__device__ double block_sum(double v) {
    __shared__ double part[THREADS];
    part[threadIdx.x] = v;
    __syncthreads();
    for (int half = THREADS / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) part[threadIdx.x] += part[threadIdx.x + half];
        __syncthreads();
    }
    return part[0];
}

template <typename T>
__device__ void loss(const T *y, const byte *images, const int *rows, T *dy, double *partial, int C, int H, int W,
                     int stride, float scale) {
    const int n = blockIdx.x, values = H * W * stride;
    const byte *image = images + (long long)rows[n] * C * H * W;
    double sum = 0;
    for (int at = threadIdx.x; at < values; at += blockDim.x) {
        const int c = at % stride, pixel = at / stride;
        float difference = 0;
        if (c < C) {
            difference = get(y[((long long)n * H * W + pixel) * C + c]) - image[c * H * W + pixel] / 255.f;
            sum += (double)difference * difference;
        }
        if (dy) dy[(long long)n * values + at] = as<T>(scale * difference);
    }
    sum = block_sum(sum);
    if (threadIdx.x == 0) partial[n] = sum;
}

#define ENTRY(name, T)                                                                                               \
    KERNEL loss_##name(const T *y, const byte *images, const int *rows, T *dy, double *partial, int C, int H, int W, \
                       int stride, float scale) {                                                                    \
        loss(y, images, rows, dy, partial, C, H, W, stride, scale);                                                  \
    }
FOR_EACH_TYPE(ENTRY)

template <typename E> __device__ void errors_to(const E *partial, int N, int values, double *sums) {
    double sum = 0;
    for (int n = threadIdx.x; n < N; n += blockDim.x) sum += (double)partial[n] / values;
    sum = block_sum(sum);
    if (threadIdx.x == 0) sums[0] += sum;
}

KERNEL add_loss(const double *partial, int N, int values, double *sums) { errors_to(partial, N, values, sums); }
KERNEL add_loss_f32(const float *partial, int N, int values, double *sums) { errors_to(partial, N, values, sums); }
