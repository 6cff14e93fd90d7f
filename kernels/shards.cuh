/* Sums over the shards of a minibatch, as belay.backend.ShardTree defines them: one perfect binary tree, whose missing
 * leaves at the end are left out. Every thread sums its own numbers, at most 64. */
#pragma once

template <typename T> struct ShardSum {
    T level[7]; // of subtrees of 2^l shards
    unsigned count = 0;

    __device__ __forceinline__ void add(T part) {
        bool placed = false; // no break, so that levels stay in registers
#pragma unroll
        for (int l = 0; l < 7; l++) {
            const bool full = count >> l & 1;
            if (!placed && !full) level[l] = part;
            if (!placed && full) part = level[l] + part;
            placed |= !full;
        }
        count++;
    }

    __device__ __forceinline__ T total() const {
        T sum{};
        bool any = false;
#pragma unroll
        for (int l = 0; l < 7; l++)
            if (count >> l & 1) sum = any ? level[l] + sum : level[l], any = true;
        return sum;
    }
};
