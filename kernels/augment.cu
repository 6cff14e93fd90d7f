/* augment_moves, augment_changes: a minibatch's images as training sees them in an epoch, by belay.data.augment: a box of the
 * image, scaled, shifted and mirrored (geometry.cuh), changed by RandAugment (operations.cuh), its colours by jitter
 * (colour.cuh), cut out, mixed with the same of another image (mixture.cuh), and corrupted (corruption.cuh). Everything is
 * drawn here (recipe.cuh), and computed in whole numbers, so that these are the bytes that Java makes. augment_moves shifts,
 * mirrors and cuts out alone, with a third of the registers.
 * images [count,C,H,W] bytes, labels [count], rows [N], epoch [1], recipe as Recipe.java has it -> out [N,C,H,W] bytes,
 * labelled [N], and rows [N] becomes 0 .. N - 1, so that whoever reads images and labels by rows finds those of out;
 * clean [N,C,H,W] what out was without noise, null where there is none; others [N] the labels of what is mixed and shares [N]
 * of the images in 1/65536, with spare [N,C,H,W], all null where nothing is mixed; befores [N,C,H,W], null without RandAugment
 * needs   crop < H, W; C = 3 for saturation and hue; key as belay.random.Philox has it, low word first
 * launch  grid N, block 256: a thread makes all channels of its pixels, and keeps to them
 * cost    each byte read and written once; again from the cache for what follows a move
 * proof   AugmentKernelsTest, StagesOnHostTest
 */
#include "common.cuh"
#include "block_sum.cuh"
#include "colour.cuh"
#include "corruption.cuh"
#include "geometry.cuh"
#include "mixture.cuh"
#include "operations.cuh"

constexpr int THREADS = 256, GREY = 128;

__device__ void cut_out(byte *view, const Recipe &recipe, const Draws &draws, int C, int H, int W) {
    const int side = recipe.cutout, top = draws.below(H, SQUARE_TOP) - side / 2, left = draws.below(W, SQUARE_LEFT) - side / 2;
    for (int at = threadIdx.x; at < H * W; at += THREADS) {
        const int x = at % W, y = at / W;
        if (y < top || y >= top + side || x < left || x >= left + side) continue;
        for (int c = 0; c < C; c++) view[c * H * W + at] = GREY;
    }
}

/* What an epoch makes of an image. */
template <bool CHANGES>
__device__ void make_view(const byte *images, byte *view, byte *before, const Recipe &recipe, const Draws &draws, int C, int H,
                          int W) {
    const Transform<CHANGES> transform(recipe, draws, H, W);
    const byte *image = images + (long long)draws.row * C * H * W;
    for (int at = threadIdx.x; at < H * W; at += THREADS) transform.pixel(image, view, at, C);
    if (CHANGES) {
        for (int turn = 0; turn < recipe.operations; turn++)
            operate<THREADS>(view, before, recipe, draws, turn, GREY, C, H, W);
        jitter<THREADS>(view, recipe, draws, C, H * W);
    }
    if (recipe.cutout > 0) cut_out(view, recipe, draws, C, H, W);
}

template <bool CHANGES>
__device__ void augment(const byte *images, const byte *labels, int *rows, unsigned epoch, const Recipe &recipe, byte *out,
                        byte *clean, byte *labelled, byte *others, int *shares, byte *spare, byte *befores, long long key, int count, int C,
                        int H, int W) {
    const int n = blockIdx.x, row = rows[n];
    const long long place = (long long)n * C * H * W;
    Draws draws{(unsigned)key, (unsigned)(key >> 32), epoch, (unsigned)row};
    make_view<CHANGES>(images, out + place, befores + place, recipe, draws, C, H, W);
    if (CHANGES && recipe.mixup + recipe.cutmix > 0) {
        const Mixture mixture(recipe, draws, count, H, W);
        draws.row = (unsigned)mixture.partner;
        make_view<CHANGES>(images, spare + place, befores + place, recipe, draws, C, H, W);
        for (int at = threadIdx.x; at < H * W; at += THREADS) mixture.pixel(out + place, spare + place, at, C, H, W);
        if (threadIdx.x == 0) others[n] = labels[mixture.partner], shares[n] = mixture.view_share(H, W);
    }
    draws.row = (unsigned)row;
    if (CHANGES && clean) corrupt<THREADS>(out + place, clean + place, recipe, draws, C, H, W);
    __syncthreads(); // the other threads have read the row
    if (threadIdx.x > 0) return;
    labelled[n] = labels[row];
    rows[n] = n;
}

#define ENTRY(name, CHANGES)                                                                                         \
    KERNEL __launch_bounds__(THREADS)                                                                                \
        augment_##name(const byte *images, const byte *labels, int *rows, const int *epoch, const Recipe *recipe,    \
                       byte *out, byte *clean, byte *labelled, byte *others, int *shares, byte *spare,               \
                       byte *befores, long long key, int count, int C, int H, int W) {                                              \
        augment<CHANGES>(images, labels, rows, (unsigned)*epoch, *recipe, out, clean, labelled, others, shares,      \
                         spare, befores, key, count, C, H, W);                                                              \
    }
ENTRY(moves, false)
ENTRY(changes, true)
