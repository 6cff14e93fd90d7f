/* How a sum over the terms 0, 1, .. of a minibatch (pixels, images or tiles of pixels) is cut into parts: every `share`
 * terms, which are one block's, and every `shard` terms, where a shard begins. Parts are numbered in the order of their
 * terms: part(term) is the number of cuts up to the term that a part begins with, for which `both`, the least common
 * multiple of share and shard, tells cuts that coincide (belay.backend.cuda.kernels.Parts).
 */
#pragma once

struct Cuts {
    int share, shard, both;

    __device__ __forceinline__ int part(int term) const { return term / share + term / shard - term / both; }

    /* Where the shard of a term ends, `to` at the latest. */
    __device__ __forceinline__ int end(int term, int to) const { return min(to, (term / shard + 1) * shard); }
};

/* Slabs of up to DEPTH terms, of which none holds terms of two shards. */
template <int DEPTH> struct Slabs {
    int at, end, to, shard;

    __device__ __forceinline__ Slabs(const Cuts &cuts, int from, int to)
        : at(from), end(cuts.end(from, to)), to(to), shard(cuts.shard) {}
    __device__ __forceinline__ bool more() const { return at < to; }

    /* Whether the next slab begins a shard. */
    __device__ __forceinline__ bool next() {
        at += DEPTH;
        if (at < end) return false;
        at = end, end = min(to, end + shard);
        return true;
    }
};
