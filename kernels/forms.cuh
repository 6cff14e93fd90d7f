/* The forms in which prepare.cu and tensor/prepare_copies.cu copy a layer's weights; their headers define them. */
#pragma once

constexpr int FORWARD = 0, INPUT_GRADIENT = 1, PHASES = 2, TAPS_DOWN = 3, TAPS_ACROSS = 4;
