/* The usual optimisers over the network's one contiguous parameter vector [count] f32 (belay.backend.update defines them).
 * squares:     partial[block] = sum of clamp(g, +-value)^2, f64; grid SQUARES, block 256
 * update_sgd:  g = clip(g) + decay w; m = momentum m + g; w -= rate m
 * update_adam: Kingma, Ba 2015, arXiv:1412.6980, algorithm 1; decoupled: Loshchilov, Hutter 2019, arXiv:1711.05101
 * scalars [3] f32 in device memory, for a captured graph freezes its arguments: rate, 1 - beta1^t, 1 - beta2^t
 * clip    as clipping.cuh says
 * launch  updates: block 256, any grid; threads stride over 4 parameters; count is a multiple of 4
 * cost    reads and writes each of w, m, v once, reads g once: 28 bytes a parameter
 * proof   CudaBackendTest (the backend contract)
 */
#include "clipping.cuh"

KERNEL squares(const float *gradient, int count, float value, double *partial) {
    double sum = 0;
    EACH(i, count) {
        const float g = clamp(gradient[i], value);
        sum += (double)g * g;
    }
    sum = block_sum<THREADS>(sum);
    if (threadIdx.x == 0) partial[blockIdx.x] = sum;
}

KERNEL update_sgd(float *weights, float *first, const float *gradient, int count, const float *scalars,
                  const double *partial, float value, float norm, float momentum, float decay) {
    const float rate = scalars[0], scale = shrink(partial, norm);
    EACH(i, count / 4) {
        float4 w4 = reinterpret_cast<float4 *>(weights)[i], m4 = reinterpret_cast<float4 *>(first)[i];
        const float4 g4 = reinterpret_cast<const float4 *>(gradient)[i];
        float *w = &w4.x, *m = &m4.x;
        const float *raw = &g4.x;
#pragma unroll
        for (int e = 0; e < 4; e++) {
            const float g = clamp(raw[e], value) * scale + decay * w[e];
            m[e] = momentum * m[e] + g;
            w[e] -= rate * m[e];
        }
        reinterpret_cast<float4 *>(weights)[i] = w4;
        reinterpret_cast<float4 *>(first)[i] = m4;
    }
}

KERNEL update_adam(float *weights, float *first, float *second, const float *gradient, int count,
                   const float *scalars, const double *partial, float value, float norm, float beta1, float beta2,
                   float epsilon, float decay, int decoupled) {
    const float rate = scalars[0], correction1 = scalars[1], correction2 = scalars[2];
    const float scale = shrink(partial, norm);
    const float coupled = decoupled ? 0.f : decay, keep = decoupled ? 1.f - rate * decay : 1.f;
    EACH(i, count / 4) {
        float4 w4 = reinterpret_cast<float4 *>(weights)[i], m4 = reinterpret_cast<float4 *>(first)[i];
        float4 v4 = reinterpret_cast<float4 *>(second)[i];
        const float4 g4 = reinterpret_cast<const float4 *>(gradient)[i];
        float *w = &w4.x, *m = &m4.x, *v = &v4.x;
        const float *raw = &g4.x;
#pragma unroll
        for (int e = 0; e < 4; e++) {
            const float g = clamp(raw[e], value) * scale + coupled * w[e];
            m[e] = beta1 * m[e] + (1.f - beta1) * g;
            v[e] = beta2 * v[e] + (1.f - beta2) * g * g;
            w[e] = keep * w[e] - rate * (m[e] / correction1) / (sqrtf(v[e] / correction2) + epsilon);
        }
        reinterpret_cast<float4 *>(weights)[i] = w4;
        reinterpret_cast<float4 *>(first)[i] = m4;
        reinterpret_cast<float4 *>(second)[i] = v4;
    }
}
