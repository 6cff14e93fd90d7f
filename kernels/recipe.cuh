/* What belay.data.augment.Recipe tells a device of an augmentation, and what is drawn for an image in an epoch. */
#pragma once
#include "philox.cuh"

constexpr int QUANTILES = 4096, FIELDS = 22, RECIPE_WORDS = FIELDS + 5 * QUANTILES;
constexpr int ONE_BITS = 16, ONE = 1 << ONE_BITS, HALF = ONE / 2; // numbers in 1/65536, as FixedPoint has them

/* Strengths in 1/65536, hue in 1/65536 of a sixth of a turn. */
struct Recipe {
    int mirror, crop, border, cutout, scales, brightness, contrast, saturation, hue, mixup, cutmix;
    int operations, factor, cosine, sine, shear, shift, threshold, mask, noise, masked, patch;
    int sides[QUANTILES], ratios[QUANTILES], shares[QUANTILES], roots[QUANTILES], deviations[QUANTILES];
};
static_assert(sizeof(Recipe) == 4 * RECIPE_WORDS, "Recipe.java knows the words");

/* As belay.data.augment.Draw. */
enum Draw : unsigned {
    MIRROR, DOWN, ACROSS, SQUARE_TOP, SQUARE_LEFT, BRIGHTNESS, CONTRAST, SATURATION, HUE,
    BOX_SIDE, BOX_RATIO, BOX_TOP, BOX_LEFT,
    PARTNER, KIND, SHARE, RECTANGLE_TOP, RECTANGLE_LEFT, OPERATION, DIRECTION
};

struct Draws {
    unsigned key0, key1, epoch, row;
    /* 0 .. bound - 1: the upper word of Philox stream `stream`, index ((256 turn + what) 2^32 + row), times bound, / 2^32 */
    __device__ __forceinline__ int of(unsigned stream, unsigned what, unsigned turn, unsigned bound) const {
        return (int)__umulhi(philox_word(row, 256 * turn + what, stream, 0, key0, key1), bound);
    }
    __device__ __forceinline__ int below(int bound, Draw what, int turn = 0) const {
        return of(epoch, what, turn, bound);
    }
    __device__ __forceinline__ int around0(int most, Draw what) const {
        return most == 0 ? 0 : below(2 * most + 1, what) - most;
    }
};

__device__ __forceinline__ byte to_byte(int fixed) { return (byte)max(0, min(255, (fixed + HALF) >> ONE_BITS)); }

/* share a + (1 - share) b */
__device__ __forceinline__ byte blend(int a, int b, int share) { return to_byte(a * share + b * (ONE - share)); }
