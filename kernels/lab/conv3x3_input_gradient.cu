/* conv3x3_input_gradient_v1..v3: dx = the transposed convolution of dy, zero border, fp32; the steps of conv3x3_forward.cu.
 * dy [N,H,W,Co], w [3,3,Ci,Co] -> dx [N,H,W,Ci]
 * v1  one thread an input value: neighbouring threads walk along w with stride Co.  grid ceil(N H W Ci / 256), block 256
 * v2  tile of dy in shared memory, 32 input channels at once.
 *     needs H, W % 8 == 0, Co % 8 == 0, Ci % 32 == 0.                  grid (N H W / 64, Ci / 32), block 256
 * v3  implicit GEMM with flipped taps.  needs Co % 16 == 0, Ci % 64 == 0.  grid (ceil(N H W / 64), Ci / 64), block 256
 * next: gather_gemm with prepared, flipped weights and the ReLU mask in its epilogue
 * cost   18 N H W Ci Co flop
 * proof  src/bench/cuda/lab.cu
 */
#define KERNEL extern "C" __global__ void

KERNEL conv3x3_input_gradient_v1(const float *dy, const float *w, float *dx, int N, int H, int W, int Ci, int Co) {
    const long at = blockIdx.x * 256L + threadIdx.x;
    if (at >= (long)N * H * W * Ci) return;
    const int c = at % Ci, q = at / Ci % W, p = at / Ci / W % H, n = at / Ci / W / H;
    float sum = 0;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            const int r = p - i + 1, s = q - j + 1;
            if (r < 0 || r >= H || s < 0 || s >= W) continue;
            const float *from = dy + (((long)n * H + r) * W + s) * Co, *k = w + ((i * 3 + j) * Ci + c) * Co;
            for (int o = 0; o < Co; o++) sum += from[o] * k[o];
        }
    dx[at] = sum;
}

KERNEL conv3x3_input_gradient_v2(const float *dy, const float *w, float *dx, int N, int H, int W, int Ci, int Co) {
    __shared__ float image[10][10][8];
    __shared__ float filters[9][8][33]; // [flipped tap][co][ci]
    const int across = W / 8, tile = blockIdx.x, n = tile / (across * (H / 8));
    const int top = tile / across % (H / 8) * 8, left = tile % across * 8;
    const int lane = threadIdx.x % 32, row = threadIdx.x / 32, c0 = blockIdx.y * 32;
    float sum[8] = {};
    for (int o0 = 0; o0 < Co; o0 += 8) {
        for (int at = threadIdx.x; at < 800; at += 256) {
            const int o = at % 8, s = at / 8 % 10, r = at / 80, h = top + r - 1, v = left + s - 1;
            const bool inside = h >= 0 && h < H && v >= 0 && v < W;
            image[r][s][o] = inside ? dy[(((long)n * H + h) * W + v) * Co + o0 + o] : 0;
        }
        for (int at = threadIdx.x; at < 9 * 8 * 32; at += 256) {
            const int o = at % 8, c = at / 8 % 32, tap = at / 256;
            filters[8 - tap][o][c] = w[(tap * Ci + c0 + c) * Co + o0 + o];
        }
        __syncthreads();
        for (int i = 0; i < 3; i++)
            for (int o = 0; o < 8; o++) {
                float line[10];
                for (int s = 0; s < 10; s++) line[s] = image[row + i][s][o];
                for (int j = 0; j < 3; j++) {
                    const float k = filters[i * 3 + j][o][lane];
                    for (int q = 0; q < 8; q++) sum[q] += line[q + j] * k;
                }
            }
        __syncthreads();
    }
    for (int q = 0; q < 8; q++) dx[(((long)n * H + top + row) * W + left + q) * Ci + c0 + lane] = sum[q];
}

KERNEL conv3x3_input_gradient_v3(const float *dy, const float *w, float *dx, int N, int H, int W, int Ci, int Co) {
    __shared__ __align__(16) float A[16][68], B[16][68]; // [k][pixel], [k][input channel]
    const int m0 = blockIdx.x * 64, c0 = blockIdx.y * 64, tx = threadIdx.x % 16 * 4, ty = threadIdx.x / 16 * 4, M = N * H * W;
    const int row = threadIdx.x / 4, quad = threadIdx.x % 4 * 4, m = m0 + row; // what this thread copies
    const int q = m % W, p = m / W % H;
    float sum[4][4] = {};
    for (int tap = 0; tap < 9; tap++) {
        const int h = p + tap / 3 - 1, v = q + tap % 3 - 1;
        const bool inside = m < M && h >= 0 && h < H && v >= 0 && v < W;
        const float *from = dy + (m + (long)(tap / 3 - 1) * W + tap % 3 - 1) * Co + quad;
        const float *filter = w + ((8 - tap) * Ci + c0 + row) * Co + quad;
        for (int o0 = 0; o0 < Co; o0 += 16) {
            const float4 a = inside ? *(const float4 *)(from + o0) : make_float4(0, 0, 0, 0);
            const float4 k4 = *(const float4 *)(filter + o0);
            A[quad][row] = a.x, A[quad + 1][row] = a.y, A[quad + 2][row] = a.z, A[quad + 3][row] = a.w;
            B[quad][row] = k4.x, B[quad + 1][row] = k4.y, B[quad + 2][row] = k4.z, B[quad + 3][row] = k4.w;
            __syncthreads();
#pragma unroll
            for (int k = 0; k < 16; k++) {
                const float4 l = *(float4 *)&A[k][ty], r = *(float4 *)&B[k][tx];
                const float left[4] = {l.x, l.y, l.z, l.w}, right[4] = {r.x, r.y, r.z, r.w};
                for (int i = 0; i < 4; i++)
                    for (int j = 0; j < 4; j++) sum[i][j] += left[i] * right[j];
            }
            __syncthreads();
        }
    }
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            if (m0 + ty + i < M) dx[(long)(m0 + ty + i) * Ci + c0 + tx + j] = sum[i][j];
}
