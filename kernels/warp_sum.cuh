/* Sum over the 32 lanes of a warp, in the same order every time; every lane gets it. */
#pragma once

template <typename T> __device__ __forceinline__ T warp_sum(T v) {
    for (int lanes = 16; lanes > 0; lanes /= 2) v += __shfl_xor_sync(0xFFFFFFFFu, v, lanes);
    return v;
}
