/* How the colours of a view change: belay.data.augment.ColourChange, Grey and Hue. A thread keeps to its own pixels. */
#pragma once
#include "recipe.cuh"

constexpr int CIRCLE = 6 * ONE; // of hue

/* ITU-R BT.601's luma. */
__device__ __forceinline__ int grey(const byte *pixel, int plane) {
    return (19595 * pixel[0] + 38470 * pixel[plane] + 7471 * pixel[2 * plane] + HALF) >> ONE_BITS;
}

/* What a channel lacks of the largest: nothing within a sixth of its own hue, all of the spread beyond two. */
__device__ __forceinline__ int missing(int hue, int channel, int spread) {
    const int apart = abs(hue - 2 * channel * ONE), distance = min(apart, CIRCLE - apart);
    return (max(0, min(ONE, distance - ONE)) * spread + HALF) >> ONE_BITS;
}

__device__ __forceinline__ void turn_hue(byte *pixel, int plane, int turn) {
    const int red = pixel[0], green = pixel[plane], blue = pixel[2 * plane];
    const int most = max(red, max(green, blue)), spread = most - min(red, min(green, blue));
    if (spread == 0 || turn == 0) return;
    const int hue = red == most     ? ((green - blue) * ONE / spread + CIRCLE) % CIRCLE
                    : green == most ? 2 * ONE + (blue - red) * ONE / spread
                                    : 4 * ONE + (red - green) * ONE / spread;
    for (int c = 0; c < 3; c++) pixel[c * plane] = (byte)(most - missing((hue + turn) % CIRCLE, c, spread));
}

/* The nearest byte to the mean grey of a view, or of its bytes where it has not three planes. All threads ask. */
template <int THREADS> __device__ int mean_grey(const byte *view, int C, int plane) {
    const int count = C == 3 ? plane : C * plane;
    long long sum = 0;
    for (int at = threadIdx.x; at < plane; at += THREADS)
        if (C == 3) sum += grey(view + at, plane);
        else
            for (int c = 0; c < C; c++) sum += view[c * plane + at];
    __syncthreads(); // before the next sum
    return (int)(((long long)block_sum<THREADS>((double)sum) + count / 2) / count); // whole numbers: exact in any order
}

/* By factors in 1/65536, ONE changing nothing, and a turn of the hue from 0; the last two where C = 3. */
template <int THREADS>
__device__ void change_colours(byte *view, int brightness, int contrast, int saturation, int turn, int C, int plane) {
    if (brightness != ONE)
        for (int at = threadIdx.x; at < plane; at += THREADS)
            for (int c = 0; c < C; c++) view[c * plane + at] = blend(view[c * plane + at], 0, brightness);
    if (contrast != ONE) {
        const int mean = mean_grey<THREADS>(view, C, plane);
        for (int at = threadIdx.x; at < plane; at += THREADS)
            for (int c = 0; c < C; c++) view[c * plane + at] = blend(view[c * plane + at], mean, contrast);
    }
    if (C != 3 || (saturation == ONE && turn == 0)) return;
    for (int at = threadIdx.x; at < plane; at += THREADS) {
        const int own = grey(view + at, plane);
        for (int c = 0; c < 3; c++) view[c * plane + at] = blend(view[c * plane + at], own, saturation);
        turn_hue(view + at, plane, turn);
    }
}

template <int THREADS> __device__ void jitter(byte *view, const Recipe &recipe, const Draws &draws, int C, int plane) {
    const int turn = draws.around0(recipe.hue, HUE);
    change_colours<THREADS>(view, ONE + draws.around0(recipe.brightness, BRIGHTNESS),
                            ONE + draws.around0(recipe.contrast, CONTRAST),
                            ONE + draws.around0(recipe.saturation, SATURATION), turn < 0 ? turn + CIRCLE : turn, C, plane);
}
