/* cross_entropy_T: the loss of each image by its scores of classes, and the gradient of a minibatch's mean.
 *   partial[0][n] = log(sum over k of exp s z_k) - sum over k of t_k s z_k,   s = logit_scale
 *   t_k = smoothing / classes, to which the image's label adds 1 - smoothing; of a mixture the same of both labels by their shares
 *   partial[1][n] = 1 where the first of the largest scores is that of the label with the larger share, else 0;
 *   dz = scale s (softmax(s z) - t)
 * scale = 1 / images, times the loss scale of fp16
 * z [N,classes] T, labels [count] bytes, others [count] bytes and shares [count] of 65536, both null without mixtures, rows [N] -> partial [2][N] f64, dz [N,stride] T or null, zero from classes to stride
 * launch  grid N, block 32: a lane takes every 32nd class
 * cost    reads z thrice, from the cache, writes dz once; in f64, since classes are few
 * proof   StagesOnHostTest, CudaBackendTest (the backend contract)
 */
#include "types.cuh"
#include "warp_sum.cuh"

constexpr int THREADS = 32; // a warp

/* The largest score, and the first class that has it. */
template <typename T> __device__ float largest(const T *z, int classes, int *first) {
    *first = min((int)threadIdx.x, classes - 1);
    float top = get(z[*first]);
    for (int k = threadIdx.x + THREADS; k < classes; k += THREADS)
        if (get(z[k]) > top) top = get(z[k]), *first = k;
    for (int lanes = THREADS / 2; lanes > 0; lanes /= 2) {
        const float other = __shfl_xor_sync(0xFFFFFFFFu, top, lanes);
        const int at = __shfl_xor_sync(0xFFFFFFFFu, *first, lanes);
        if (other > top || (other == top && at < *first)) top = other, *first = at;
    }
    return top;
}

template <typename T>
__device__ void cross_entropy(const T *scores, const byte *labels, const byte *others, const int *shares, const int *rows, T *dz, double *partial,
                              int classes, int stride, float smoothing, float logit_scale, float scale) {
    const double rest = (double)smoothing / classes, own = 1 - (double)smoothing + rest;
    const int n = blockIdx.x, row = rows[n], label = labels[row], other = others ? others[row] : label;
    const double share = shares ? shares[row] / 65536. : 1;
    const T *z = scores + (long long)n * classes;
    auto target = [=](int k) { return share * (k == label ? own : rest) + (1 - share) * (k == other ? own : rest); };
    int first;
    const float top = largest(z, classes, &first);
    double sum = 0, expected = 0;
    for (int k = threadIdx.x; k < classes; k += THREADS) {
        const double distance = logit_scale * ((double)get(z[k]) - top);
        sum += exp(distance);
        expected += target(k) * distance;
    }
    sum = warp_sum(sum);
    expected = warp_sum(expected);
    if (threadIdx.x == 0) {
        partial[n] = log(sum) - expected;
        partial[gridDim.x + n] = first == (share >= 0.5 ? label : other);
    }
    if (!dz) return;
    for (int k = threadIdx.x; k < stride; k += THREADS) {
        const double error = k < classes ? exp(logit_scale * ((double)get(z[k]) - top)) / sum - target(k) : 0;
        dz[(long long)n * stride + k] = as<T>((float)(scale * (logit_scale * error)));
    }
}

#define ENTRY(name, T)                                                                                               \
    KERNEL cross_entropy_##name(const T *z, const byte *labels, const byte *others, const int *shares,               \
                                const int *rows, T *dz, double *partial, int classes, int stride, float smoothing,   \
                                float logit_scale, float scale) {                                                    \
        cross_entropy(z, labels, others, shares, rows, dz, partial, classes, stride, smoothing, logit_scale, scale); \
    }
FOR_EACH_TYPE(ENTRY)
