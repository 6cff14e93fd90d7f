/* Noise on what a network reads, and black squares: belay.data.augment.Corruption. */
#pragma once
#include "recipe.cuh"

/* Draw number `index` inside a view: stream epoch + (row + 1) 2^32; squares from index 2^32 on. */
__device__ __forceinline__ int draw_inside(const Draws &draws, unsigned index, unsigned kind, unsigned bound) {
    return (int)__umulhi(philox_word(index, kind, draws.epoch, draws.row + 1, draws.key0, draws.key1), bound);
}

template <int THREADS>
__device__ void corrupt(byte *view, byte *clean, const Recipe &recipe, const Draws &draws, int C, int H, int W) {
    const int plane = H * W, patch = recipe.patch, columns = (W + patch - 1) / patch;
    for (int at = threadIdx.x; at < plane; at += THREADS) {
        const int square = at / W / patch * columns + at % W / patch;
        const bool masked = recipe.masked > 0 && draw_inside(draws, square, 1, ONE) < recipe.masked;
        for (int place = at; place < C * plane; place += plane) {
            const int value = clean[place] = view[place];
            if (masked) view[place] = 0;
            else if (recipe.noise)
                view[place] = to_byte(value * ONE + recipe.deviations[draw_inside(draws, place, 0, QUANTILES)]);
        }
    }
}
