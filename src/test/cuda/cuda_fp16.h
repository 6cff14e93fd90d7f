/* CUDA's half on the host: 5 bits of exponent, 10 of mantissa, rounded half to even. */
#pragma once

struct __half {
    unsigned short bits;
};

inline float __half2float(__half x) {
    const int exponent = x.bits >> 10 & 31, mantissa = x.bits & 1023;
    const float sign = x.bits >> 15 ? -1.f : 1.f;
    if (exponent == 31) return mantissa ? NAN : sign * INFINITY;
    return sign * (exponent ? ldexpf(1024 + mantissa, exponent - 25) : ldexpf(mantissa, -24));
}

inline __half __float2half_rn(float x) {
    const unsigned short sign = __float_as_uint(x) >> 16 & 0x8000;
    const float size = fabsf(x);
    if (x != x) return {0x7fff};
    if (size >= 65520.f) return {(unsigned short)(sign | 0x7c00)};
    if (size < ldexpf(1, -14)) return {(unsigned short)(sign | (int)nearbyintf(ldexpf(size, 24)))};
    int exponent;
    const float mantissa = nearbyintf(ldexpf(frexpf(size, &exponent), 11)); // 1024 .. 2048
    return {(unsigned short)(sign | (((exponent + 14) << 10) + (int)mantissa - 1024))};
}
