/* prepare_T: the copies of one layer's kernel that its products read, made anew each step from the fp32 master.
 * w [side,side,Ci,Co] f32 -> out [z][rows][columns] T, or [z][columns][rows] where across is not 0
 *   form 0  forward: row (i side + j) Ci + ci, column co; zero in rows from side side Ci on
 *   form 1  gradient of the input: row (i side + j) Co + co, column ci, taps flipped
 *   form 2  upsample + conv, forward: z = phase 2a + b, row (2u + v) Ci + ci, column co: a 2x2 tap is the sum
 *           of the 3x3 taps that meet the same small pixel
 *   form 3  upsample + conv, gradient of the input: row (4 ty + tx) padded + co, column ci (taps.cu)
 *   form 4  upsample + conv, product first: row ci, column (4 ty + tx) padded + co
 *   form 5, 6  gradient of the input of a convolution with stride 2 and even, odd padding P: z = phase 2a + b,
 *           row (u taps + v) Co + co, column ci, taps = ceil(side / 2). Of one axis, with kernel k:
 *             dx[r] = sum over taps i with r + P - i even of dy[(r + P - i) / 2] w[i].
 *           For r = 2p + a these are i = 2 t + e with e = (a + P) mod 2, which read dy[p + (a + P - e) / 2 - t]. Taken
 *           backwards, u = taps - 1 - t, that is dy[p + o + u] with o = floor((a + P) / 2) - taps + 1:
 *             u of phase a is tap i = 2 (taps - 1 - u) + e, zero where i >= k;
 *             gather_gemm.cu's oy = ox = floor(P / 2) - taps + 1, ps = P mod 2, os = 2, s = 1
 * launch  any grid and block: threads stride over out
 * cost    writes out once; a value of forms 2 to 4 reads up to four of w
 * proof   CudaBackendTest (the backend contract)
 */
#include "forms.cuh"
#include "types.cuh"

/* Sum of the taps i of one axis that tap t of V stands for: {2}, {1, 2}, {0, 1}, {0}. */
__device__ __forceinline__ int first_tap(int t) { return t == 0 ? 2 : t == 1 ? 1 : 0; }
__device__ __forceinline__ int last_tap(int t) { return t < 2 ? 2 : t == 2 ? 1 : 0; }

__device__ float summed(const float *w, int ty, int tx, int Ci, int Co, int ci, int co) {
    float sum = 0;
    for (int i = first_tap(ty); i <= last_tap(ty); i++)
        for (int j = first_tap(tx); j <= last_tap(tx); j++) sum += w[((i * 3 + j) * Ci + ci) * Co + co];
    return sum;
}

/* Which tap of V phase a uses at its tap u. */
__device__ __forceinline__ int phase_tap(int a, int u) { return a == 0 ? 3 - 2 * u : 2 - 2 * u; }

__device__ float prepared(const float *w, int form, int side, int Ci, int Co, int padded, int z, int row, int column) {
    const int taps = side * side;
    if (form == FORWARD) return row < taps * Ci ? w[row * Co + column] : 0.f;
    if (form == INPUT_GRADIENT) return w[((taps - 1 - row / Co) * Ci + column) * Co + row % Co];
    if (form == PHASES) {
        const int tap = row / Ci, ty = phase_tap(z / 2, tap / 2), tx = phase_tap(z % 2, tap % 2);
        return summed(w, ty, tx, Ci, Co, row % Ci, column);
    }
    if (form >= INPUT_PHASES_EVEN) {
        const int u = row / Co / ((side + 1) / 2), v = row / Co % ((side + 1) / 2);
        const int i = strided_tap(form, side, z / 2, u), j = strided_tap(form, side, z % 2, v);
        return i < side && j < side ? w[((i * side + j) * Ci + column) * Co + row % Co] : 0.f;
    }
    const int k = form == TAPS_DOWN ? row : column, co = k % padded, tap = k / padded;
    return co < Co ? summed(w, tap / 4, tap % 4, Ci, Co, form == TAPS_DOWN ? column : row, co) : 0.f;
}

template <typename T>
__device__ void prepare(const float *w, T *out, int form, int side, int Ci, int Co, int padded, int phases, int rows,
                        int columns, int across) {
    EACH(at, (unsigned)phases * rows * columns) {
        const int z = at / (rows * columns), rest = at % (rows * columns);
        const int row = across ? rest % rows : rest / columns, column = across ? rest / rows : rest % columns;
        out[at] = as<T>(prepared(w, form, side, Ci, Co, padded, z, row, column));
    }
}

#define ENTRY(name, T)                                                                                               \
    KERNEL prepare_##name(const float *w, T *out, int form, int side, int Ci, int Co, int padded, int phases,        \
                          int rows, int columns, int across) {                                                       \
        prepare(w, out, form, side, Ci, Co, padded, phases, rows, columns, across);                                  \
    }
FOR_EACH_TYPE(ENTRY)
