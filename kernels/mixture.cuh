/* A view and the view of another image in one: belay.data.augment.Mixture. */
#pragma once
#include "recipe.cuh"

struct Mixture {
    int partner, share = ONE, top = 0, left = 0, height = 0, width = 0;

    __device__ Mixture(const Recipe &recipe, const Draws &draws, int count, int H, int W)
        : partner(draws.below(count, PARTNER)) {
        const int quantile = draws.below(QUANTILES, SHARE);
        if (!recipe.cutmix || (recipe.mixup && draws.below(2, KIND) == 0)) {
            share = recipe.shares[quantile];
            return;
        }
        const int root = recipe.roots[quantile];
        height = H * root >> ONE_BITS, width = W * root >> ONE_BITS;
        top = draws.below(H, RECTANGLE_TOP) - height / 2, left = draws.below(W, RECTANGLE_LEFT) - width / 2;
    }

    /* Of the view, in 1/65536: of bytes, or of pixels that are not covered. */
    __device__ int view_share(int H, int W) const {
        const int rows = min(H, top + height) - max(0, top), columns = min(W, left + width) - max(0, left);
        const long long pixels = (long long)H * W;
        return share - (int)(((long long)rows * columns * ONE + pixels / 2) / pixels);
    }

    __device__ __forceinline__ void pixel(byte *view, const byte *other, int at, int C, int H, int W) const {
        const int x = at % W, y = at / W;
        const bool covered = y >= top && y < top + height && x >= left && x < left + width;
        for (int c = 0; c < C; c++, at += H * W) view[at] = blend(view[at], other[at], covered ? 0 : share);
    }
};
