/* Dropout of a value [N, size] T by belay.net.DropoutMask: value i of the image at place n of the minibatch is kept where
 * the uniform number of stream (step 2^32 + operation), index (n 2^32 + i) of Philox4x32-10 is at least the rate.
 * dropout_T:          y = kept ? scale x : 0
 * dropout_gradient_T: dx = kept ? scale dy : 0, added to dx where add is not 0, then 0 where mask (like dx, or null) is
 *                     not positive; dx may be dy
 * step [1] in device memory, for a captured graph freezes its arguments; key is that of belay.random.Philox, low word
 * first; first is the place of image 0 of this launch in the minibatch
 * needs   nothing: 16 bytes at a time where all tensors begin at a multiple of 16 bytes, else single values
 * launch  any grid and block: threads stride over the values
 * cost    each value read and written once, 20 multiplications of 32 x 32 bits a value
 * source  Srivastava et al. 2014
 * proof   ElementwiseKernelsTest, the backend contract
 */
#include "pack.cuh"
#include "philox.cuh"

struct Mask {
    unsigned key0, key1, operation, step;
    float rate, scale;

    /* Its upper 24 bits are the uniform number. */
    __device__ __forceinline__ unsigned word(unsigned value, unsigned place) const {
        return philox_word(value, place, operation, step, key0, key1);
    }

    __device__ __forceinline__ float factor(unsigned value, unsigned place) const {
        return (word(value, place) >> 8) * (1.f / (1 << 24)) >= rate ? scale : 0.f;
    }
};

template <int V> __device__ __forceinline__ void drop(const Mask &kept, unsigned at, int first, int size, float (&v)[V]) {
#pragma unroll
    for (int e = 0; e < V; e++) {
        const float factor = kept.factor((at + e) % size, first + (at + e) / size);
        v[e] = factor > 0.f ? v[e] * factor : 0.f;
    }
}

template <typename T> __device__ void dropout(const Mask &kept, const T *x, T *y, int first, int N, int size) {
    each_pack<T>((unsigned)N * size, aligned(x) && aligned(y), [&](unsigned at, auto width) {
        float v[decltype(width)::value];
        load(x + at, v);
        drop(kept, at, first, size, v);
        store(y + at, v);
    });
}

template <typename T>
__device__ void gradient(const Mask &kept, const T *dy, const T *mask, T *dx, int add, int first, int N, int size) {
    each_pack<T>((unsigned)N * size, aligned(dy) && aligned(mask) && aligned(dx), [&](unsigned at, auto width) {
        float g[decltype(width)::value];
        load(dy + at, g);
        drop(kept, at, first, size, g);
        put_gradient(mask, dx, add, at, g);
    });
}

#define MASK Mask{(unsigned)key, (unsigned)(key >> 32), (unsigned)operation, (unsigned)*step, rate, scale}
#define ENTRY(name, T)                                                                                               \
    KERNEL dropout_##name(const T *x, T *y, const int *step, long long key, int operation, float rate, float scale,  \
                          int first, int N, int size) {                                                              \
        dropout(MASK, x, y, first, N, size);                                                                         \
    }                                                                                                                \
    KERNEL dropout_gradient_##name(const T *dy, const T *mask, T *dx, int add, const int *step, long long key,       \
                                   int operation, float rate, float scale, int first, int N, int size) {             \
        gradient(MASK, dy, mask, dx, add, first, N, size);                                                           \
    }
FOR_EACH_TYPE(ENTRY)
