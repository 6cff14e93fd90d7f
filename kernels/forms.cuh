/* The forms in which prepare.cu and tensor/prepare_copies.cu copy a layer's weights; their headers define them. */
#pragma once

constexpr int FORWARD = 0, INPUT_GRADIENT = 1, PHASES = 2, TAPS_DOWN = 3, TAPS_ACROSS = 4;
constexpr int INPUT_PHASES_EVEN = 5, INPUT_PHASES_ODD = 6;

/* Tap of the kernel that phase a of one axis uses at its tap u; the kernel may end before it. prepare.cu derives it. */
__device__ __forceinline__ int strided_tap(int form, int side, int a, int u) {
    return 2 * ((side + 1) / 2 - 1 - u) + (a + form - INPUT_PHASES_EVEN) % 2;
}
