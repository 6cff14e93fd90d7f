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
    const int o = blockIdx.x * 32 + lane, c = blockIdx.y, i = blockIdx.z / 3 - 1, j = blockIdx.z % 3 - 1;
    float sum = 0;
    for (int n = 0; n < N; n++)
        for (int p = group; p < H; p += 8) {
            if (p + i < 0 || p + i >= H) continue;
            const float *from = x + (((long)n * H + p + i) * W + j) * Ci + c, *d = dy + ((long)n * H + p) * W * Co + o;
            for (int q = j < 0; q < W - (j > 0); q++) sum += from[q * Ci] * d[q * Co];
        }
    part[group][lane] = sum;
    for (int half = 4; half > 0; half /= 2) {
        __syncthreads();
        if (group < half) part[group][lane] += part[group + half][lane];
    }
    if (group == 0) dw[(blockIdx.z * Ci + c) * Co + o] = part[0][lane];
}

KERNEL conv3x3_weight_gradient_v3(const float *x, const float *dy, float *dw, int N, int H, int W, int Ci, int Co) {
    __shared__ __align__(16) float A[16][64], B[16][64]; // [pixel][input channel], [pixel][output channel]
    const int c0 = blockIdx.x * 64, o0 = blockIdx.y * 64, i = blockIdx.z / 3 - 1, j = blockIdx.z % 3 - 1, M = N * H * W;
    const int tx = threadIdx.x % 16 * 4, ty = threadIdx.x / 16 * 4, row = threadIdx.x / 16; // row: the pixel it copies
    float sum[4][4] = {};
    for (int m0 = 0; m0 < M; m0 += 16) {
        const int m = m0 + row, h = m / W % H + i, v = m % W + j;
        const bool inside = m < M && h >= 0 && h < H && v >= 0 && v < W;
        const float4 zero = make_float4(0, 0, 0, 0);
        *(float4 *)&A[row][tx] = inside ? *(const float4 *)(x + (m + (long)i * W + j) * Ci + c0 + tx) : zero;
        *(float4 *)&B[row][tx] = m < M ? *(const float4 *)(dy + (long)m * Co + o0 + tx) : zero;
        __syncthreads();
#pragma unroll
        for (int k = 0; k < 16; k++) {
            const float4 l = *(float4 *)&A[k][ty], r = *(float4 *)&B[k][tx];
            const float left[4] = {l.x, l.y, l.z, l.w}, right[4] = {r.x, r.y, r.z, r.w};
            for (int a = 0; a < 4; a++)
                for (int b = 0; b < 4; b++) sum[a][b] += left[a] * right[b];
        }
        __syncthreads();
    }
    for (int a = 0; a < 4; a++)
        for (int b = 0; b < 4; b++) dw[(blockIdx.z * Ci + c0 + ty + a) * Co + o0 + tx + b] = sum[a][b];
}
