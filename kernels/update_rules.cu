/* The other update rules, a decay that differs by parameter, and the average of the weights, over the network's one
 * contiguous parameter vector [count] f32 (belay.backend.update defines them).
 * regularize:      g = clip(g); where covered (null: everywhere): g += l2 w + l1 sign(w); decoupled: w -= rate l2 w and
 *                  g += l1 sign(w). The rules below take g as it leaves it
 * update_nesterov: m = momentum m + g; w -= rate (g + momentum m)                 (Sutskever et al. 2013)
 * update_adagrad:  s += g^2; w -= rate g / (sqrt(s) + epsilon)                    (Duchi, Hazan, Singer 2011)
 * update_rmsprop:  v = alpha v + (1 - alpha) g^2; m = momentum m + g / (sqrt(v) + epsilon); w -= rate m
 *                                                                                 (Tieleman, Hinton 2012)
 * lars_squares:    squares[p] = sums of w^2 and of clip(g)^2 over parameter p, each in PARTS parts; before regularize
 * update_lars:     q = trust |w| / (|g| + l2 |w|) of a kernel where both are not 0, else 1; m = momentum m + rate q g;
 *                  w -= m                                                         (You, Gitman, Ginsburg 2017)
 * update_average:  a += share (w - a)
 * exchange:        a and w take each other's values
 * scalars [4] f32 in device memory, for a captured graph freezes its arguments: rate, two of the rule's, share
 * ranges  [parameters][3]: first value, one past the last, 1 for a kernel
 * launch  lars_*: grid (PARTS, parameters), block 256; others: block 256, any grid, threads stride over count
 * cost    reads what is named once, writes what is assigned once: 4 bytes each a parameter, and 1 of covered
 * proof   CudaBackendTest (the backend contract)
 */
#include "clipping.cuh"

constexpr int PARTS = 64, RANGE = 3;

KERNEL regularize(float *gradient, float *weights, const byte *covered, int count, const float *scalars,
                  const double *partial, float value, float norm, float l2, float l1, int decoupled) {
    const float keep = decoupled ? 1.f - scalars[0] * l2 : 1.f, coupled = decoupled ? 0.f : l2;
    const float scale = shrink(partial, norm);
    EACH(i, count) {
        float g = clamp(gradient[i], value) * scale;
        if (covered == nullptr || covered[i]) {
            const float w = weights[i];
            g += coupled * w;
            g += l1 * (float)((w > 0) - (w < 0));
            if (decoupled) weights[i] = keep * w;
        }
        gradient[i] = g;
    }
}

KERNEL update_nesterov(float *weights, float *first, const float *gradient, int count, const float *scalars,
                       float momentum) {
    const float rate = scalars[0];
    EACH(i, count) {
        const float g = gradient[i], m = momentum * first[i] + g;
        first[i] = m;
        weights[i] -= rate * (g + momentum * m);
    }
}

KERNEL update_adagrad(float *weights, float *sum, const float *gradient, int count, const float *scalars,
                      float epsilon) {
    const float rate = scalars[0];
    EACH(i, count) {
        const float g = gradient[i], s = sum[i] + g * g;
        sum[i] = s;
        weights[i] -= rate * g / (sqrtf(s) + epsilon);
    }
}

KERNEL update_rmsprop(float *weights, float *first, float *second, const float *gradient, int count,
                      const float *scalars, float alpha, float epsilon, float momentum) {
    const float rate = scalars[0];
    EACH(i, count) {
        const float g = gradient[i], v = alpha * second[i] + (1.f - alpha) * g * g;
        const float m = momentum * first[i] + g / (sqrtf(v) + epsilon);
        second[i] = v;
        first[i] = m;
        weights[i] -= rate * m;
    }
}

KERNEL lars_squares(const float *weights, const float *gradient, const int *ranges, const double *partial, float value,
                    float norm, double *squares) {
    const float scale = shrink(partial, norm);
    const int *range = ranges + RANGE * blockIdx.y;
    double ww = 0, gg = 0;
    for (int i = range[0] + blockIdx.x * THREADS + threadIdx.x; i < range[1]; i += PARTS * THREADS) {
        const float w = weights[i], g = clamp(gradient[i], value) * scale;
        ww += (double)w * w;
        gg += (double)g * g;
    }
    __syncthreads(); // block_sum uses its memory again
    ww = block_sum<THREADS>(ww);
    __syncthreads();
    gg = block_sum<THREADS>(gg);
    if (threadIdx.x == 0) {
        squares[(2 * blockIdx.y) * PARTS + blockIdx.x] = ww;
        squares[(2 * blockIdx.y + 1) * PARTS + blockIdx.x] = gg;
    }
}

/* Every block adds the same parts in the same order. */
__device__ double length(const double *parts) {
    __syncthreads(); // block_sum uses its memory again
    return sqrt(block_sum<THREADS>(threadIdx.x < PARTS ? parts[threadIdx.x] : 0.));
}

KERNEL update_lars(float *weights, float *first, const float *gradient, const int *ranges, const double *squares,
                   const float *scalars, float trust, float momentum, float l2) {
    const int *range = ranges + RANGE * blockIdx.y;
    const double w = length(squares + 2 * blockIdx.y * PARTS), g = length(squares + (2 * blockIdx.y + 1) * PARTS);
    const double divisor = g + l2 * w;
    const double ratio = range[2] && w != 0 && divisor != 0 ? trust * w / divisor : 1.;
    const float rate = (float)(scalars[0] * ratio);
    for (int i = range[0] + blockIdx.x * THREADS + threadIdx.x; i < range[1]; i += PARTS * THREADS) {
        const float m = momentum * first[i] + rate * gradient[i];
        first[i] = m;
        weights[i] -= m;
    }
}

KERNEL update_average(float *average, const float *weights, int count, const float *scalars) {
    const float share = scalars[3];
    EACH(i, count) {
        const float a = average[i];
        average[i] = a + share * (weights[i] - a);
    }
}

KERNEL exchange(float *average, float *weights, int count) {
    EACH(i, count) {
        const float a = average[i];
        average[i] = weights[i];
        weights[i] = a;
    }
}
