/* Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011) as belay.random.Philox has it. */
#pragma once

/* The second word of a counter's block: the upper half of the 64 bits that Java draws. By reference, or dropout.cu loads
 * its step at another place. */
__device__ __forceinline__ unsigned philox_word(const unsigned &index_low, const unsigned &index_high,
                                                const unsigned &stream_low, const unsigned &stream_high,
                                                const unsigned &key_low, const unsigned &key_high) {
    unsigned c0 = index_low, c1 = index_high, c2 = stream_low, c3 = stream_high, k0 = key_low, k1 = key_high;
#pragma unroll
    for (int round = 0; round < 10; round++) {
        const unsigned high0 = __umulhi(0xD2511F53u, c0), low0 = 0xD2511F53u * c0;
        const unsigned high1 = __umulhi(0xCD9E8D57u, c2), low1 = 0xCD9E8D57u * c2;
        c0 = high1 ^ c1 ^ k0, c1 = low1, c2 = high0 ^ c3 ^ k1, c3 = low0;
        k0 += 0x9E3779B9u, k1 += 0xBB67AE85u;
    }
    return c1;
}
