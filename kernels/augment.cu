/* augment: a minibatch's images as training sees them in an epoch, by belay.data.augment.ImageTransform: cropped, mirrored, cut out.
 *   out[n,c,y,x] = grey where the square covers (y, x), else image[c, in(y + down, H), in(mirrored x + across, W)]
 * in: the place along a side by `border`, 0 reflect, 1 edge, 2 zero (black). Draw k of image row is the upper word of Philox
 * stream epoch, index (k 2^32 + row), times the bound, / 2^32; mirror 0 none, 1 drawn, 2 drawn once (stream 0), then alternate.
 * images [count,C,H,W] bytes, labels [count], rows [N], epoch [1] -> out [N,C,H,W] bytes, labelled [N], and rows [N] becomes
 * 0 .. N - 1, so that whoever reads images and labels by rows finds those of out
 * needs   crop < H, W; key as belay.random.Philox has it, low word first
 * launch  grid N, block 256
 * cost    each byte read and written once
 * proof   AugmentKernelsTest, StagesOnHostTest
 */
#include "common.cuh"
#include "philox.cuh"

constexpr int THREADS = 256, GREY = 128;

struct Draws {
    unsigned key0, key1, row;
    __device__ __forceinline__ int of(unsigned epoch, unsigned number, unsigned bound) const {
        return (int)__umulhi(philox_word(row, number, epoch, 0, key0, key1), bound);
    }
};

/* Where a place along a side is read; -1 for black. */
__device__ __forceinline__ int in(int at, int side, int border) {
    if (at >= 0 && at < side) return at;
    if (border == 2) return -1;
    if (border == 1) return at < 0 ? 0 : side - 1;
    return at < 0 ? -at : 2 * (side - 1) - at;
}

KERNEL __launch_bounds__(THREADS)
    augment(const byte *images, const byte *labels, int *rows, const int *epoch, byte *out, byte *labelled,
            long long key, int mirror, int crop, int border, int cutout, int C, int H, int W) {
    const int n = blockIdx.x, row = rows[n], now = *epoch;
    const Draws draw{(unsigned)key, (unsigned)(key >> 32), (unsigned)row};
    const bool mirrored = mirror == 1 ? draw.of(now, 0, 2) == 1 : mirror == 2 && ((draw.of(0, 0, 2) + now) & 1) == 1;
    const int down = draw.of(now, 1, 2 * crop + 1) - crop, across = draw.of(now, 2, 2 * crop + 1) - crop;
    const int top = draw.of(now, 3, H) - cutout / 2, left = draw.of(now, 4, W) - cutout / 2;
    const byte *image = images + (long long)row * C * H * W;
    byte *view = out + (long long)n * C * H * W;
    for (int at = threadIdx.x; at < C * H * W; at += blockDim.x) {
        const int x = at % W, y = at / W % H, plane = at / (H * W) * H * W;
        if (y >= top && y < top + cutout && x >= left && x < left + cutout) {
            view[at] = GREY;
            continue;
        }
        const int from_y = in(y + down, H, border), from_x = in((mirrored ? W - 1 - x : x) + across, W, border);
        view[at] = from_y < 0 || from_x < 0 ? 0 : image[plane + from_y * W + from_x];
    }
    __syncthreads(); // the other threads have read the row
    if (threadIdx.x > 0) return;
    labelled[n] = labels[row];
    rows[n] = n;
}
