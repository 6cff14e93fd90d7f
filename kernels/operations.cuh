/* RandAugment's operations on a view: belay.data.augment.RandomOperation, Affine, Sharpness and Histogram. A thread leaves
 * its own pixels as they are to be; whoever reads those of others waits for them first. */
#pragma once
#include "colour.cuh"

/* As RandomOperation.Kind. */
enum Kind {
    IDENTITY, AUTO_CONTRAST, EQUALIZE, ROTATE, SOLARIZE, COLOUR, POSTERIZE, CONTRAST_BY, BRIGHTNESS_BY, SHARPNESS,
    SHEAR_X, SHEAR_Y, TRANSLATE_X, TRANSLATE_Y, KINDS
};

constexpr int VALUES = 256; // of a byte, one for each thread

/* Where pixels are read, in 1/65536 around the middle, then by whole pixels. */
struct Affine {
    int y_from_y = ONE, y_from_x = 0, x_from_y = 0, x_from_x = ONE, down = 0, across = 0;
    /* The place of the pixel to read, -1 for none. */
    __device__ int source(int at, int H, int W) const {
        const long long y = 2 * (at / W) + 1 - H, x = 2 * (at % W) + 1 - W;
        const int from_y = (int)((y_from_y * y + y_from_x * x + (long long)H * ONE) >> (ONE_BITS + 1)) + down;
        const int from_x = (int)((x_from_y * y + x_from_x * x + (long long)W * ONE) >> (ONE_BITS + 1)) + across;
        return from_y >= 0 && from_y < H && from_x >= 0 && from_x < W ? from_y * W + from_x : -1;
    }
};

__device__ inline Affine affine_of(Kind kind, const Recipe &recipe, int sign, int H, int W) {
    Affine affine;
    if (kind == ROTATE) {
        affine.y_from_y = affine.x_from_x = recipe.cosine;
        affine.y_from_x = sign * recipe.sine, affine.x_from_y = -sign * recipe.sine;
    }
    if (kind == SHEAR_X) affine.x_from_y = sign * recipe.shear;
    if (kind == SHEAR_Y) affine.y_from_x = sign * recipe.shear;
    if (kind == TRANSLATE_X) affine.across = sign * ((W * recipe.shift + HALF) >> ONE_BITS);
    if (kind == TRANSLATE_Y) affine.down = sign * ((H * recipe.shift + HALF) >> ONE_BITS);
    return affine;
}

/* Mean of 3 x 3 pixels, of which the middle one counts five times. */
__device__ __forceinline__ int surroundings(const byte *pixel, int W) {
    int sum = 4 * pixel[0];
    for (int y = -1; y <= 1; y++)
        for (int x = -1; x <= 1; x++) sum += pixel[y * W + x];
    return (sum + 6) / 13;
}

template <int THREADS> __device__ void copy(const byte *from, byte *to, int C, int plane) {
    for (int at = threadIdx.x; at < plane; at += THREADS)
        for (int c = 0; c < C; c++) to[c * plane + at] = from[c * plane + at];
}

/* Moves pixels, or sharpens them where the factor is not ONE. */
template <int THREADS>
__device__ void move_or_sharpen(byte *view, byte *before, const Affine &affine, int factor, int grey, int C, int H, int W) {
    const int plane = H * W;
    copy<THREADS>(view, before, C, plane);
    __syncthreads(); // before is whole
    for (int at = threadIdx.x; at < plane; at += THREADS) {
        const int x = at % W, y = at / W, from = affine.source(at, H, W);
        const bool inside = x > 0 && x < W - 1 && y > 0 && y < H - 1;
        for (int c = 0; c < C; c++) {
            const byte *pixels = before + c * plane;
            if (factor == ONE) view[c * plane + at] = from < 0 ? grey : pixels[from];
            else if (inside) view[c * plane + at] = blend(pixels[at], surroundings(pixels + at, W), factor);
        }
    }
    __syncthreads(); // nobody reads before any more
}

/* A new value for this thread's value, by how often all occur; least and most of those that occur. */
__device__ inline byte stretched(int value, int least, int most) {
    const int spread = most - least;
    return spread <= 0 || value < least || value > most ? (byte)value : (byte)(((value - least) * 255 + spread / 2) / spread);
}

__device__ inline byte equalized(int value, const int *counts, int most, int plane) {
    const int step = (plane - counts[most]) / 255;
    int below = 0;
    for (int k = 0; k < value; k++) below += counts[k];
    return step == 0 ? (byte)value : (byte)min(255, (below + step / 2) / step);
}

/* Whole numbers: their order is free. */
template <int THREADS> __device__ void by_histogram(byte *view, bool equalizes, int C, int plane) {
    static_assert(THREADS == VALUES, "a thread for each value");
    __shared__ int counts[VALUES];
    __shared__ byte table[VALUES];
    for (int c = 0; c < C; c++, view += plane) {
        counts[threadIdx.x] = 0;
        __syncthreads();
        for (int at = threadIdx.x; at < plane; at += THREADS) atomicAdd(&counts[view[at]], 1);
        __syncthreads();
        int least = 0, most = VALUES - 1;
        while (counts[least] == 0) least++;
        while (counts[most] == 0) most--;
        table[threadIdx.x] = equalizes ? equalized(threadIdx.x, counts, most, plane) : stretched(threadIdx.x, least, most);
        __syncthreads();
        for (int at = threadIdx.x; at < plane; at += THREADS) view[at] = table[view[at]];
    }
    __syncthreads();
}

template <int THREADS> __device__ void change_bytes(byte *view, int threshold, int mask, int C, int plane) {
    for (int at = threadIdx.x; at < plane; at += THREADS)
        for (int c = 0; c < C; c++) {
            const int value = view[c * plane + at];
            view[c * plane + at] = (byte)((value >= threshold ? 255 - value : value) & mask);
        }
}

/* Operation number `turn` of a view; before has room for it. */
template <int THREADS>
__device__ void operate(byte *view, byte *before, const Recipe &recipe, const Draws &draws, int turn, int grey, int C, int H,
                        int W) {
    const Kind kind = (Kind)draws.below(KINDS, OPERATION, turn);
    const int sign = draws.below(2, DIRECTION, turn) ? -1 : 1, factor = ONE + sign * recipe.factor, plane = H * W;
    switch (kind) {
    case AUTO_CONTRAST:
    case EQUALIZE: by_histogram<THREADS>(view, kind == EQUALIZE, C, plane); break;
    case SOLARIZE: change_bytes<THREADS>(view, recipe.threshold, 255, C, plane); break;
    case POSTERIZE: change_bytes<THREADS>(view, VALUES, recipe.mask, C, plane); break;
    case COLOUR: change_colours<THREADS>(view, ONE, ONE, factor, 0, C, plane); break;
    case CONTRAST_BY: change_colours<THREADS>(view, ONE, factor, ONE, 0, C, plane); break;
    case BRIGHTNESS_BY: change_colours<THREADS>(view, factor, ONE, ONE, 0, C, plane); break;
    case SHARPNESS:
    case ROTATE:
    case SHEAR_X:
    case SHEAR_Y:
    case TRANSLATE_X:
    case TRANSLATE_Y:
        move_or_sharpen<THREADS>(view, before, affine_of(kind, recipe, sign, H, W), kind == SHARPNESS ? factor : ONE, grey, C, H, W);
        break;
    default: break;
    }
}
