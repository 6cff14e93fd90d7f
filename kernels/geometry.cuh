/* Where the pixels of a view come from: belay.data.augment.ImageTransform and Box. */
#pragma once
#include "recipe.cuh"

constexpr int TRIES = 10, WEIGHT_BITS = 8, WEIGHT = 1 << WEIGHT_BITS;

__device__ __forceinline__ int length(int whole, int side, int ratio) {
    return (int)max(1LL, ((long long)whole * side * ratio + (1LL << 31)) >> 32);
}

/* Where a pixel's centre lies between those of a side's pixels, never beyond the box. */
__device__ __forceinline__ int box_place(int at, int first, int length, int whole) {
    const int step = (int)((unsigned)length << ONE_BITS) / whole;
    return max(first << ONE_BITS, min((first << ONE_BITS) + at * step + step / 2 - HALF, (first + length - 1) << ONE_BITS));
}

__device__ __forceinline__ int weight(int place) { return place >> (ONE_BITS - WEIGHT_BITS) & (WEIGHT - 1); }

__device__ __forceinline__ int between(int a, int b, int weight) { return a * (WEIGHT - weight) + b * weight; }

/* Four neighbours of a plane and how much each counts. */
struct Sample {
    int at, below, beside, down, across;
    __device__ __forceinline__ byte of(const byte *plane) const {
        const byte *pixel = plane + at;
        const int above = between(pixel[0], pixel[beside], across);
        const int under = between(pixel[below], pixel[below + beside], across);
        return (byte)((between(above, under, down) + HALF) >> 2 * WEIGHT_BITS);
    }
};

/* SCALES is false where a box is never drawn, which spares registers. */
template <bool SCALES> struct Transform {
    int H, W, border, down, across, top, left, height, width;
    bool mirrored;

    __device__ Transform(const Recipe &recipe, const Draws &draws, int H, int W)
        : H(H), W(W), border(recipe.border), top(0), left(0), height(H), width(W) {
        mirrored = recipe.mirror == 1   ? draws.below(2, MIRROR) == 1
                   : recipe.mirror == 2 ? ((draws.of(0, MIRROR, 0, 2) + draws.epoch) & 1) == 1
                                        : false;
        down = draws.around0(recipe.crop, DOWN), across = draws.around0(recipe.crop, ACROSS);
        if (SCALES && recipe.scales) draw_box(recipe, draws);
    }

    __device__ void draw_box(const Recipe &recipe, const Draws &draws) {
        for (int turn = 0; turn < TRIES; turn++) {
            const int side = recipe.sides[draws.below(QUANTILES, BOX_SIDE, turn)];
            const int ratio = draws.below(QUANTILES, BOX_RATIO, turn);
            const int w = length(W, side, recipe.ratios[ratio]), h = length(H, side, recipe.ratios[QUANTILES - 1 - ratio]);
            if (w > W || h > H) continue;
            top = draws.below(H - h + 1, BOX_TOP), left = draws.below(W - w + 1, BOX_LEFT), height = h, width = w;
            return;
        }
    }

    /* Where a place along a side is read; -1 for black. */
    __device__ __forceinline__ int within(int at, int side) const {
        if (at >= 0 && at < side) return at;
        if (border == 2) return -1;
        if (border == 1) return at < 0 ? 0 : side - 1;
        return at < 0 ? -at : 2 * (side - 1) - at;
    }

    /* A pixel of all planes of the view. */
    __device__ __forceinline__ void pixel(const byte *image, byte *view, int at, int C) const {
        const int x = at % W, y = at / W, plane = H * W;
        const int from_y = within(y + down, H), from_x = within((mirrored ? W - 1 - x : x) + across, W);
        if (from_y < 0 || from_x < 0) {
            for (int c = 0; c < C; c++) view[c * plane + at] = 0;
        } else if (!SCALES || (height == H && width == W)) {
            for (int c = 0; c < C; c++) view[c * plane + at] = image[c * plane + from_y * W + from_x];
        } else {
            const int sy = box_place(from_y, top, height, H), sx = box_place(from_x, left, width, W);
            const int row = sy >> ONE_BITS, column = sx >> ONE_BITS;
            const Sample sample{row * W + column, row + 1 < H ? W : 0, column + 1 < W ? 1 : 0, weight(sy), weight(sx)};
            for (int c = 0; c < C; c++) view[c * plane + at] = sample.of(image + c * plane);
        }
    }
};
