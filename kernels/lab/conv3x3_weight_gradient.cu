/* conv3x3_weight_gradient_v1..v3: dw[i,j,c,o] = sum over pixels of x[p + i - 1, q + j - 1, c] dy[p, q, o], fp32.
 * x [N,H,W,Ci], dy [N,H,W,Co] -> dw [3,3,Ci,Co]
 * v1  one thread a weight, walking over all pixels.                    grid ceil(9 Ci Co / 256), block 256
 * v2  a block takes 32 weights and shares out the pixels; a tree in shared memory adds the eight parts.
 *     needs Co % 32 == 0.                                              grid (Co / 32, Ci, 9), block 256
 * v3  implicit GEMM: rows are input channels of one tap, columns output channels, K runs over pixels; tiles as in the forward
 *     pass.  needs Ci, Co % 64 == 0.                                   grid (Ci / 64, Co / 64, 9), block 256
 * next: K in parts, or there are far fewer blocks than multiprocessors can take: gather_weight_gradient
 * cost   18 N H W Ci Co flop
 * proof  src/bench/cuda/lab.cu
 */
#define KERNEL extern "C" __global__ void

KERNEL conv3x3_weight_gradient_v1(const float *x, const float *dy, float *dw, int N, int H, int W, int Ci, int Co) {
    const int at = blockIdx.x * 256 + threadIdx.x;
    if (at >= 9 * Ci * Co) return;
    const int o = at % Co, c = at / Co % Ci, i = at / Co / Ci / 3, j = at / Co / Ci % 3;
    float sum = 0;
    for (int n = 0; n < N; n++)
        for (int p = 0; p < H; p++)
            for (int q = 0; q < W; q++) {
                const int r = p + i - 1, s = q + j - 1;
                if (r < 0 || r >= H || s < 0 || s >= W) continue;
                sum += x[(((long)n * H + r) * W + s) * Ci + c] * dy[(((long)n * H + p) * W + q) * Co + o];
            }
    dw[at] = sum;
}

KERNEL conv3x3_weight_gradient_v2(const float *x, const float *dy, float *dw, int N, int H, int W, int Ci, int Co) {
    __shared__ float part[8][32];
    const int lane = threadIdx.x % 32, group = threadIdx.x / 32;
    const int o = blockIdx.x * 32 + lane, c = blockIdx.y, i = blockIdx.z / 3, j = blockIdx.z % 3;
    float sum = 0;
    for (long m = group; m < (long)N * H * W; m += 8) {
        const int q = m % W, p = m / W % H, r = p + i - 1, s = q + j - 1;
        if (r < 0 || r >= H || s < 0 || s >= W) continue;
        sum += x[((m / (H * W) * H + r) * W + s) * Ci + c] * dy[m * Co + o];
    }
    part[group][lane] = sum;
    for (int half = 4; half > 0; half /= 2) {
        __syncthreads();
        if (group < half) part[group][lane] += part[group + half][lane];
    }
    if (group == 0) dw[(blockIdx.z * Ci + c) * Co + o] = part[0][lane];
}

KERNEL conv3x3_weight_gradient_v3(const float *x, const float *dy, float *dw, int N, int H, int W, int Ci, int Co) {
    __shared__ float A[16][64], B[16][64]; // [pixel][input channel], [pixel][output channel]
    const int c0 = blockIdx.x * 64, o0 = blockIdx.y * 64, tap = blockIdx.z, M = N * H * W;
    const int tx = threadIdx.x % 16, ty = threadIdx.x / 16;
    float sum[4][4] = {};
    for (int m0 = 0; m0 < M; m0 += 16) {
        for (int at = threadIdx.x; at < 1024; at += 256) {
            const int k = at / 64, m = m0 + k, h = m / W % H + tap / 3 - 1, v = m % W + tap % 3 - 1;
            const bool inside = m < M && h >= 0 && h < H && v >= 0 && v < W;
            A[k][at % 64] = inside ? x[((long)(m / (H * W) * H + h) * W + v) * Ci + c0 + at % 64] : 0;
            B[k][at % 64] = m < M ? dy[(long)m * Co + o0 + at % 64] : 0;
        }
        __syncthreads();
        for (int k = 0; k < 16; k++)
            for (int i = 0; i < 4; i++)
                for (int j = 0; j < 4; j++) sum[i][j] += A[k][ty + 16 * i] * B[k][tx + 16 * j];
        __syncthreads();
    }
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) dw[(tap * Ci + c0 + ty + 16 * i) * Co + o0 + tx + 16 * j] = sum[i][j];
}
