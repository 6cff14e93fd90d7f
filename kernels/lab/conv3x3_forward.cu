/* conv3x3_forward_v1..v3: the steps from a naive to a blocked convolution, y = conv3x3(x, w) + b, zero border, fp32.
 * x [N,H,W,Ci], w [3,3,Ci,Co], b [Co] -> y [N,H,W,Co]
 * v1  one thread an output, every operand from global memory.          grid ceil(N H W Co / 256), block 256
 * v2  a block keeps a tile of the image in shared memory and uses it for 32 filters at once: batching over filters.
 *     needs H, W % 8 == 0, Ci % 8 == 0, Co % 32 == 0.                  grid (N H W / 64, Co / 32), block 256
 * v3  implicit GEMM: rows are pixels, columns filters, K runs over taps and channels; tiles of 64 x 64 x 16 in shared memory,
 *     4 x 4 outputs a thread, im2col only in the index arithmetic.
 *     needs Ci % 16 == 0, Co % 64 == 0.                                grid (ceil(N H W / 64), Co / 64), block 256
 * next: 128 x 128 tiles, asynchronous copies, tensor cores, fused epilogue: gather_gemm
 * cost   18 N H W Ci Co flop
 * source v3: Chetlur et al. 2014, arXiv:1410.0759
 * proof  src/bench/cuda/lab.cu
 */
#define KERNEL extern "C" __global__ void

KERNEL conv3x3_forward_v1(const float *x, const float *w, const float *b, float *y, int N, int H, int W, int Ci, int Co) {
    const long at = blockIdx.x * 256L + threadIdx.x;
    if (at >= (long)N * H * W * Co) return;
    const int o = at % Co, q = at / Co % W, p = at / Co / W % H, n = at / Co / W / H;
    float sum = b[o];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            const int r = p + i - 1, s = q + j - 1;
            if (r < 0 || r >= H || s < 0 || s >= W) continue;
            const float *from = x + (((long)n * H + r) * W + s) * Ci, *k = w + (i * 3 + j) * Ci * Co + o;
            for (int c = 0; c < Ci; c++) sum += from[c] * k[c * Co];
        }
    y[at] = sum;
}

KERNEL conv3x3_forward_v2(const float *x, const float *w, const float *b, float *y, int N, int H, int W, int Ci, int Co) {
    __shared__ float image[10][10][8]; // 8 channels of an 8 x 8 tile with its border
    __shared__ float filters[9][8][32];
    const int across = W / 8, tile = blockIdx.x, n = tile / (across * (H / 8));
    const int top = tile / across % (H / 8) * 8, left = tile % across * 8;
    const int lane = threadIdx.x % 32, row = threadIdx.x / 32, o = blockIdx.y * 32 + lane;
    float sum[8];
    for (int q = 0; q < 8; q++) sum[q] = b[o];
    for (int c0 = 0; c0 < Ci; c0 += 8) {
        for (int at = threadIdx.x; at < 800; at += 256) {
            const int c = at % 8, s = at / 8 % 10, r = at / 80, h = top + r - 1, v = left + s - 1;
            const bool inside = h >= 0 && h < H && v >= 0 && v < W;
            image[r][s][c] = inside ? x[(((long)n * H + h) * W + v) * Ci + c0 + c] : 0;
        }
        for (int at = threadIdx.x; at < 9 * 8 * 32; at += 256)
            filters[at / 256][at / 32 % 8][at % 32] = w[((at / 256) * Ci + c0 + at / 32 % 8) * Co + blockIdx.y * 32 + at % 32];
        __syncthreads();
        for (int i = 0; i < 3; i++)
            for (int c = 0; c < 8; c++) {
                float line[10];
                for (int s = 0; s < 10; s++) line[s] = image[row + i][s][c];
                for (int j = 0; j < 3; j++) {
                    const float k = filters[i * 3 + j][c][lane];
                    for (int q = 0; q < 8; q++) sum[q] += line[q + j] * k;
                }
            }
        __syncthreads();
    }
    for (int q = 0; q < 8; q++) y[(((long)n * H + top + row) * W + left + q) * Co + o] = sum[q];
}

KERNEL conv3x3_forward_v3(const float *x, const float *w, const float *b, float *y, int N, int H, int W, int Ci, int Co) {
    __shared__ __align__(16) float A[16][68], B[16][68]; // [k][pixel], [k][filter]
    const int m0 = blockIdx.x * 64, n0 = blockIdx.y * 64, tx = threadIdx.x % 16 * 4, ty = threadIdx.x / 16 * 4, M = N * H * W;
    const int row = threadIdx.x / 4, quad = threadIdx.x % 4 * 4, m = m0 + row; // what this thread copies
    const int q = m % W, p = m / W % H;
    float sum[4][4] = {};
    for (int tap = 0; tap < 9; tap++) {
        const int h = p + tap / 3 - 1, v = q + tap % 3 - 1;
        const bool inside = m < M && h >= 0 && h < H && v >= 0 && v < W;
        const float *from = x + (m + (long)(tap / 3 - 1) * W + tap % 3 - 1) * Ci + quad;
        for (int c0 = 0; c0 < Ci; c0 += 16) {
            const float4 a = inside ? *(const float4 *)(from + c0) : make_float4(0, 0, 0, 0);
            A[quad][row] = a.x, A[quad + 1][row] = a.y, A[quad + 2][row] = a.z, A[quad + 3][row] = a.w;
            *(float4 *)&B[ty / 4][tx] = *(const float4 *)(w + (tap * Ci + c0 + ty / 4) * Co + n0 + tx);
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
            if (m0 + ty + i < M) y[(long)(m0 + ty + i) * Co + n0 + tx + j] = sum[i][j] + b[n0 + tx + j];
}
