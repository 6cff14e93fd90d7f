/* Update rules where parameters differ: in what their rate is multiplied by, in their decay, in the epochs in which they are
 * frozen (belay.backend.ParameterGroups); and Muon's rule for what is no matrix of its own.
 * regularize_groups: g = clip(g); g += l2 w + l1 sign(w); decoupled: w -= rate l2 w and g += l1 sign(w). What follows takes g
 *                    as it leaves it
 * sgd_groups:        m = momentum m + g; w -= rate m; nesterov: w -= rate (g + momentum m)
 * adam_groups:       by kernels/update.cu's update_adam
 * ranges  [parameters][3]: first value, one past the last, 1 for a matrix of Muon's
 * groups  [parameters][5] f32: what the rate is multiplied by, l2, l1, first and last epoch in which it is frozen
 * scalars f32 in device memory, for a captured graph freezes its arguments: rate, 1 - beta1^t, 1 - beta2^t; epoch [1] int
 * others  1 to leave Muon's matrices alone
 * launch  grid (PARTS, parameters), block 256
 * cost    reads and writes each of w and its moments once, reads g once, all twice where there is a decay
 * proof   StagesOnHostTest, CudaBackendTest (the backend contract)
 */
#include "clipping.cuh"
#include "groups.cuh"

constexpr int PARTS = 64, RANGE = 3;

KERNEL regularize_groups(float *gradient, float *weights, const int *ranges, const float *groups, const float *scalars,
                         const int *epoch, const double *partial, float value, float norm, int decoupled) {
    const int *range = ranges + RANGE * blockIdx.y;
    const Group group(groups + GROUP * blockIdx.y, scalars, epoch);
    const float keep = decoupled ? 1.f - group.rate * group.l2 : 1.f, coupled = decoupled ? 0.f : group.l2;
    const float scale = shrink(partial, norm);
    if (group.frozen) return;
    for (int i = range[0] + blockIdx.x * THREADS + threadIdx.x; i < range[1]; i += PARTS * THREADS) {
        const float w = weights[i];
        float g = clamp(gradient[i], value) * scale;
        g += coupled * w;
        g += group.l1 * (float)((w > 0) - (w < 0));
        if (decoupled) weights[i] = keep * w;
        gradient[i] = g;
    }
}

KERNEL sgd_groups(float *weights, float *first, const float *gradient, const int *ranges, const float *groups,
                  const float *scalars, const int *epoch, float momentum, int nesterov, int others) {
    const int *range = ranges + RANGE * blockIdx.y;
    const Group group(groups + GROUP * blockIdx.y, scalars, epoch);
    if (group.frozen || (others && range[2])) return;
    for (int i = range[0] + blockIdx.x * THREADS + threadIdx.x; i < range[1]; i += PARTS * THREADS) {
        const float g = gradient[i], m = momentum * first[i] + g;
        first[i] = m;
        weights[i] -= group.rate * (nesterov ? g + momentum * m : m);
    }
}

KERNEL adam_groups(float *weights, float *first, float *second, const float *gradient, const int *ranges,
                   const float *groups, const float *scalars, const int *epoch, float beta1, float beta2,
                   float epsilon, int others) {
    const int *range = ranges + RANGE * blockIdx.y;
    const Group group(groups + GROUP * blockIdx.y, scalars, epoch);
    if (group.frozen || (others && range[2])) return;
    const float rate = group.rate, correction1 = scalars[1], correction2 = scalars[2];
    for (int i = range[0] + blockIdx.x * THREADS + threadIdx.x; i < range[1]; i += PARTS * THREADS) {
        const float g = gradient[i];
        const float m = beta1 * first[i] + (1.f - beta1) * g;
        const float v = beta2 * second[i] + (1.f - beta2) * g * g;
        first[i] = m;
        second[i] = v;
        weights[i] -= rate * (m / correction1) / (sqrtf(v / correction2) + epsilon);
    }
}
