/* loss_T: squared error of the output against its image, and the gradient of its mean.
 *   partial[n] = sum over values of (y - image)^2;  dy = scale (y - image),
 * scale = 2 / (values images), times the loss scale of fp16
 * y [N,H,W,C] T, images [count,C,H,W] bytes, rows [N] -> partial [N] f64, dy [N,H,W,stride] T or null;
 * channels from C to stride are zero (stride > C makes 16-byte rows)
 * launch  grid N, block 256
 * add_loss, add_loss_f32 (partial f32): sums[r] += (partial[r][0] + .. + partial[r][N - 1]) / values for each of the rows of
 * partial [rows][N]: in fixed order inside each shard of `shard` images, then over the shards, 64 at most, in one perfect
 * binary tree (shards.cuh); grid rows, block 256
 * cost    reads y, the images' bytes once, writes dy once; add_loss: 8 bytes an image
 * proof   CudaBackendTest (the backend contract), CudaShardsTest
 */
#include "block_sum.cuh"
#include "shards.cuh"
#include "types.cuh"
#include "warp_sum.cuh"

constexpr int THREADS = 256, WARP = 32, MOST_SHARDS = 64;

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
    sum = block_sum<THREADS>(sum);
    if (threadIdx.x == 0) partial[n] = sum;
}

#define ENTRY(name, T)                                                                                               \
    KERNEL loss_##name(const T *y, const byte *images, const int *rows, T *dy, double *partial, int C, int H, int W, \
                       int stride, float scale) {                                                                    \
        loss(y, images, rows, dy, partial, C, H, W, stride, scale);                                                  \
    }
FOR_EACH_TYPE(ENTRY)

/* Each warp sums the images of a shard. */
template <typename E> __device__ void errors_to(const E *rows, int N, int shard, int values, double *sums) {
    __shared__ double part[MOST_SHARDS];
    const int lane = threadIdx.x % WARP, shards = (N - 1) / shard + 1;
    const E *partial = rows + (long long)blockIdx.x * N;
    for (int s = threadIdx.x / WARP; s < shards; s += THREADS / WARP) {
        const int end = min(N, (s + 1) * shard);
        double sum = 0;
        for (int n = s * shard + lane; n < end; n += WARP) sum += (double)partial[n];
        sum = warp_sum(sum);
        if (lane == 0) part[s] = sum;
    }
    __syncthreads();
    if (threadIdx.x > 0) return;
    ShardSum<double> tree;
    for (int s = 0; s < shards; s++) tree.add(part[s]);
    sums[blockIdx.x] += tree.total() / values;
}

KERNEL add_loss(const double *partial, int N, int shard, int values, double *sums) {
    errors_to(partial, N, shard, values, sums);
}
KERNEL add_loss_f32(const float *partial, int N, int shard, int values, double *sums) {
    errors_to(partial, N, shard, values, sums);
}
