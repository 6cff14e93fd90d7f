/* svm_solve_KERNEL_SIZE: sequential minimal optimisation of binary C-SVC problems, one block each, kernel values in memory.
 * Step for step belay.svm.host.SmoSolver, where the problem is defined: working sets by second-order information (WSS 2 of Fan, Chen,
 * Lin, "Working set selection using second order information for training support vector machines", JMLR 6, 2005), ties to
 * the lowest index, arithmetic in double without contraction.
 * A launch takes each problem at most `slice` iterations further, so that the host may look at a stop flag; where it is cut
 * changes no bit; the limit is 100 iterations a sample, or `fewest`. No atomics: a problem's bits depend on its kernel values alone.
 * A sample's index runs over the first class, the padding behind it (first pitch), then the second class.
 * KERNEL  rbf: kernel(i, i) = 1; any: from a table
 * SIZE    4096, 10240: samples and padding at most, F in registers; more: any number, F in memory
 * launch  grid problems, block 512
 * cost    an iteration reads two rows of kernel values, 8 bytes a sample, and lasts as long as their way and five barriers
 * proof   the SVM contract against SmoSolver, belay doctor
 */
#include "common.cuh"

constexpr int THREADS = 512, WARPS = THREADS / 32;
constexpr double TAU = 1e-12; // stands in for a curvature that is not positive, as in libsvm
constexpr int RAISE = 1, LOWER = 2;

/* A problem; F_i = y_i - sum_j b_j K_ij with b_i = y_i alpha_i. */
struct Problem {
    const float *values[2][2];       // kernel of [class of i][class of j]: [count, pitch of class j]
    const float *diagonal[2];        // kernel(i, i), if not 1
    const byte *out[2];              // not 0: sample is left out; or null
    double *f, *b;                   // [pitches]
    byte *rooms;                     // RAISE | LOWER [pitches]: whether b may grow, shrink; only where F is in memory
    double bound[2];                 // C of each class
    int count[2], pitch[2];          // samples, and rounded up to 32
};

struct State {
    double most, least;   // largest F among those that may grow, smallest among those that may shrink
    long long iterations;
    int first;            // where F is largest; -1 before the first launch
    int done;
};

constexpr int PROBLEM_BYTES = 120, STATE_BYTES = 32; // of the host's tables
static_assert(sizeof(Problem) == PROBLEM_BYTES && sizeof(State) == STATE_BYTES, "the host's tables");

struct Partner {
    double gain, curve, f;
    float value; // kernel of the pair
    int at;
};

struct Extremes {
    double most, least;
    int first;
};

struct Shared {
    Problem problem;
    State state;
    Partner partners[WARPS];
    Extremes extremes[WARPS];
    int second;
    double step;
    int roomI, roomJ;
};

/* Fractions compared without dividing. */
__device__ __forceinline__ bool better(const Partner &x, const Partner &y) {
    const double a = __dmul_rn(x.gain, y.curve), b = __dmul_rn(y.gain, x.curve);
    return a > b || (a == b && x.at < y.at);
}

__device__ __forceinline__ Partner other(const Partner &p, int lanes) {
    Partner q;
    q.gain = __shfl_xor_sync(~0u, p.gain, lanes);
    q.curve = __shfl_xor_sync(~0u, p.curve, lanes);
    q.f = __shfl_xor_sync(~0u, p.f, lanes);
    q.value = __shfl_xor_sync(~0u, p.value, lanes);
    q.at = __shfl_xor_sync(~0u, p.at, lanes);
    return q;
}

template <int LANES> __device__ __forceinline__ Partner best(Partner p) {
#pragma unroll
    for (int lanes = LANES / 2; lanes; lanes /= 2) {
        const Partner q = other(p, lanes);
        if (better(q, p)) p = q;
    }
    return p;
}

template <int LANES> __device__ __forceinline__ Extremes extreme(Extremes e) {
#pragma unroll
    for (int lanes = LANES / 2; lanes; lanes /= 2) {
        const double most = __shfl_xor_sync(~0u, e.most, lanes), least = __shfl_xor_sync(~0u, e.least, lanes);
        const int first = __shfl_xor_sync(~0u, e.first, lanes);
        if (most > e.most || (most == e.most && static_cast<unsigned>(first) < static_cast<unsigned>(e.first)))
            e.most = most, e.first = first;
        if (least < e.least) e.least = least;
    }
    return e;
}

/* Where sample i's row of kernel values is, by the class of the other. */
struct Row {
    const float *first, *second;
    int pitch;
    __device__ Row(const Problem &p, int i) : pitch(p.pitch[0]) {
        const int c = i >= p.pitch[0];
        const size_t row = i - c * p.pitch[0];
        first = p.values[c][0] + row * p.pitch[0];
        second = p.values[c][1] + row * p.pitch[1] - p.pitch[0];
    }
    __device__ __forceinline__ float2 pair(int at) const {
        return __ldg(reinterpret_cast<const float2 *>((at < pitch ? first : second) + at));
    }
};

template <bool UNIT> __device__ __forceinline__ double diagonal(const Problem &p, int i) {
    if (UNIT) return 1;
    const int c = i >= p.pitch[0];
    return i - c * p.pitch[0] < p.count[c] ? p.diagonal[c][i - c * p.pitch[0]] : 0;
}

/* Whether b may grow or shrink within its bounds: [0, C] in the first class, [-C, 0] in the second. */
__device__ __forceinline__ int room(const Problem &p, int i, double b) {
    const int c = i >= p.pitch[0];
    return (b < (c ? 0 : p.bound[0]) ? RAISE : 0) | (b > (c ? -p.bound[1] : 0) ? LOWER : 0);
}

/* The same for a sample that may be padding or left out. */
__device__ __forceinline__ int first_room(const Problem &p, int i, double b) {
    const int c = i >= p.pitch[0], at = i - c * p.pitch[0];
    return at < p.count[c] && !(p.out[c] && p.out[c][at]) ? room(p, i, b) : 0;
}

/* F and the rooms of a thread's samples, in pairs: in registers for R of them, in memory for R = 0. */
template <int R> struct Samples {
    double f[R];
    unsigned rooms[(R + 15) / 16]; // two bits a sample

    __device__ __forceinline__ static int at(int r) { return (r / 2 * THREADS + threadIdx.x) * 2 + (r & 1); }
    __device__ __forceinline__ void load(const Problem &p, bool fresh) {
        const int size = p.pitch[0] + p.pitch[1];
#pragma unroll
        for (int w = 0; w < (R + 15) / 16; w++) rooms[w] = 0;
#pragma unroll
        for (int r = 0; r < R; r++) {
            const int i = at(r);
            f[r] = 0;
            if (i < size) {
                f[r] = fresh ? (i < p.pitch[0] ? 1 : -1) : p.f[i];
                if (fresh) p.b[i] = 0;
                rooms[r / 16] |= first_room(p, i, fresh ? 0 : p.b[i]) << (r % 16 * 2);
            }
        }
    }
    __device__ __forceinline__ void save(const Problem &p) const {
        const int size = p.pitch[0] + p.pitch[1];
#pragma unroll
        for (int r = 0; r < R; r++)
            if (at(r) < size) p.f[at(r)] = f[r];
    }
    __device__ __forceinline__ void set_room(const Problem &, int i, int room) {
        if (i / 2 % THREADS != threadIdx.x) return;
#pragma unroll
        for (int r = 0; r < R; r++)
            if (at(r) == i) rooms[r / 16] = (rooms[r / 16] & ~(3u << (r % 16 * 2))) | room << (r % 16 * 2);
    }
    __device__ __forceinline__ int room(int r) const { return rooms[r / 16] >> (r % 16 * 2) & 3; }
};

/* Considers sample t as partner of i. */
template <bool UNIT>
__device__ __forceinline__ void consider(Partner &p, const Problem &q, int t, double f, int room, float value, double most,
                                         double own) {
    if (!(room & LOWER)) return;
    const double violation = __dsub_rn(most, f);
    const double sum = __dsub_rn(own + diagonal<UNIT>(q, t), 2.0 * value);
    const double curve = sum > 0 ? sum : TAU;
    const double gain = __dmul_rn(violation, fabs(violation));
    if (__dmul_rn(gain, p.curve) > __dmul_rn(p.gain, curve)) p = {gain, curve, f, value, t};
}

__device__ __forceinline__ double moved(double f, double step, float i, float j) {
    return __dsub_rn(f, __dmul_rn(step, static_cast<double>(i) - j));
}

__device__ __forceinline__ void include(Extremes &e, int t, double f, int room) {
    if (room & RAISE && f > e.most) e.most = f, e.first = t;
    if (room & LOWER && f < e.least) e.least = f;
}

/* The best step along b_i + s, b_j - s within the bounds, by one thread. */
template <bool UNIT> __device__ void step(Shared &s, int i, double fi, const Partner &partner) {
    const Problem &p = s.problem;
    const int j = partner.at;
    const double highest = i < p.pitch[0] ? p.bound[0] : 0, lowest = j < p.pitch[0] ? 0 : -p.bound[1];
    const double sum = __dsub_rn(diagonal<UNIT>(p, i) + diagonal<UNIT>(p, j), 2.0 * partner.value);
    const double free = (fi - partner.f) / (sum > 0 ? sum : TAU);
    const double bi = p.b[i], bj = p.b[j], up = highest - bi, down = bj - lowest;
    const double by = fmin(free, fmin(up, down));
    // Set, not added: rounding must not leave a bound alpha a hair from its bound.
    const double newI = by == up ? highest : bi + by, newJ = by == down ? lowest : bj - by;
    p.b[i] = newI, p.b[j] = newJ;
    s.step = by, s.roomI = room(p, i, newI), s.roomJ = room(p, j, newJ);
}

constexpr double INFINITE = __builtin_huge_val();

template <int R, bool UNIT> struct Solver {
    Shared &s;
    const int size;
    Samples<R> mine;
    float values[R]; // of i with this thread's samples

    __device__ Solver(Shared &s) : s(s), size(s.problem.pitch[0] + s.problem.pitch[1]) {}

    __device__ __forceinline__ Partner partner(int i, double most) {
        const Row row(s.problem, i);
        Partner p = {0, 1, 0, 0, -1};
#pragma unroll
        for (int r = 0; r < R; r += 2) {
            const int t = mine.at(r);
            const float2 v = t < size ? row.pair(t) : make_float2(0, 0);
            values[r] = v.x, values[r + 1] = v.y;
        }
        const double own = diagonal<UNIT>(s.problem, i);
#pragma unroll
        for (int r = 0; r < R; r++)
            consider<UNIT>(p, s.problem, mine.at(r), mine.f[r], mine.room(r), values[r], most, own);
        return p;
    }
    __device__ __forceinline__ void rows(int j, float2 (&held)[R / 2]) {
        const Row row(s.problem, j);
#pragma unroll
        for (int r = 0; r < R; r += 2) held[r / 2] = mine.at(r) < size ? row.pair(mine.at(r)) : make_float2(0, 0);
    }
    __device__ __forceinline__ Extremes update(double by, const float2 (&held)[R / 2]) {
        Extremes e = {-INFINITE, INFINITE, -1};
#pragma unroll
        for (int r = 0; r < R; r++) {
            mine.f[r] = moved(mine.f[r], by, values[r], r & 1 ? held[r / 2].y : held[r / 2].x);
            include(e, mine.at(r), mine.f[r], mine.room(r));
        }
        return e;
    }
    __device__ __forceinline__ void take(int i, int j) {
        mine.set_room(s.problem, i, s.roomI);
        mine.set_room(s.problem, j, s.roomJ);
    }
    __device__ __forceinline__ Extremes start(bool fresh) {
        mine.load(s.problem, fresh);
        Extremes e = {-INFINITE, INFINITE, -1};
#pragma unroll
        for (int r = 0; r < R; r++) include(e, mine.at(r), mine.f[r], mine.room(r));
        return e;
    }
    __device__ __forceinline__ void save() { mine.save(s.problem); }
};

/* F and rooms in memory, for problems of any size; each thread touches its own samples alone. */
template <bool UNIT> struct Solver<0, UNIT> {
    Shared &s;
    const int size;
    Row rowI;

    __device__ Solver(Shared &s) : s(s), size(s.problem.pitch[0] + s.problem.pitch[1]), rowI(s.problem, 0) {}

    template <class Visit> __device__ __forceinline__ void each(Visit visit) {
        for (int t = 2 * threadIdx.x; t < size; t += 2 * THREADS) visit(t);
    }
    __device__ __forceinline__ Partner partner(int i, double most) {
        const Problem &q = s.problem;
        rowI = Row(q, i);
        Partner p = {0, 1, 0, 0, -1};
        const double own = diagonal<UNIT>(q, i);
        each([&](int t) {
            const float2 v = rowI.pair(t);
            const double2 f = *reinterpret_cast<const double2 *>(q.f + t);
            consider<UNIT>(p, q, t, f.x, q.rooms[t], v.x, most, own);
            consider<UNIT>(p, q, t + 1, f.y, q.rooms[t + 1], v.y, most, own);
        });
        return p;
    }
    struct Held {};
    __device__ __forceinline__ Extremes update(double by, int j) {
        const Problem &q = s.problem;
        const Row rowJ(q, j);
        Extremes e = {-INFINITE, INFINITE, -1};
        each([&](int t) {
            const float2 v = rowI.pair(t), w = rowJ.pair(t);
            double2 f = *reinterpret_cast<const double2 *>(q.f + t);
            f.x = moved(f.x, by, v.x, w.x), f.y = moved(f.y, by, v.y, w.y);
            *reinterpret_cast<double2 *>(q.f + t) = f;
            include(e, t, f.x, q.rooms[t]);
            include(e, t + 1, f.y, q.rooms[t + 1]);
        });
        return e;
    }
    __device__ __forceinline__ void set_room(int i, int room) {
        if (i / 2 % THREADS == threadIdx.x) s.problem.rooms[i] = room;
    }
    __device__ __forceinline__ void take(int i, int j) { set_room(i, s.roomI), set_room(j, s.roomJ); }
    __device__ __forceinline__ Extremes start(bool fresh) {
        const Problem &q = s.problem;
        Extremes e = {-INFINITE, INFINITE, -1};
        each([&](int t) {
            for (int i = t; i < t + 2; i++) {
                if (fresh) q.f[i] = i < q.pitch[0] ? 1 : -1, q.b[i] = 0, q.rooms[i] = first_room(q, i, 0);
                include(e, i, q.f[i], q.rooms[i]);
            }
        });
        return e;
    }
    __device__ __forceinline__ void save() {}
};

/* What every thread needs to know of the next pair: reduced by the first warp from one candidate a warp. */
__device__ __forceinline__ void share_extremes(Shared &s, Extremes e) {
    e = extreme<32>(e);
    if (threadIdx.x % 32 == 0) s.extremes[threadIdx.x / 32] = e;
    __syncthreads();
    if (threadIdx.x < 32) {
        e = extreme<WARPS>(s.extremes[threadIdx.x % WARPS]);
        if (threadIdx.x == 0) s.state.most = e.most, s.state.least = e.least, s.state.first = e.first;
    }
    __syncthreads();
}

template <int R, bool UNIT>
__device__ __forceinline__ void solve(const Problem *problems, State *states, double tolerance, int slice, long long fewest) {
    __shared__ Shared s;
    if (threadIdx.x == 0) s.problem = problems[blockIdx.x], s.state = states[blockIdx.x];
    __syncthreads();
    if (s.state.done) return;
    Solver<R, UNIT> solver(s);
    const bool fresh = s.state.first < 0;
    long long iterations = s.state.iterations;
    __syncthreads();
    share_extremes(s, solver.start(fresh));
    const long long limit = max(fewest, 100ll * (s.problem.count[0] + s.problem.count[1]));
    const long long end = min(iterations + slice, limit);
    bool done = false;
    while (true) {
        const double most = s.state.most;
        const int i = s.state.first;
        done = !(most - s.state.least >= tolerance) || iterations >= limit;
        if (done || iterations >= end) break;
        Partner p = best<32>(solver.partner(i, most));
        if (threadIdx.x % 32 == 0) s.partners[threadIdx.x / 32] = p;
        __syncthreads();
        if (threadIdx.x < 32) {
            p = best<WARPS>(s.partners[threadIdx.x % WARPS]);
            if (threadIdx.x == 0) s.second = p.at;
        }
        __syncthreads();
        const int j = s.second;
        if (j < 0) { // a tolerance so small that its square vanishes
            done = true;
            break;
        }
        if constexpr (R > 0) {
            float2 held[R / 2];
            solver.rows(j, held); // on their way while one thread makes the step
            if (threadIdx.x == 0) step<UNIT>(s, i, most, p);
            __syncthreads();
            solver.take(i, j);
            share_extremes(s, solver.update(s.step, held));
        } else {
            if (threadIdx.x == 0) step<UNIT>(s, i, most, p);
            __syncthreads();
            solver.take(i, j);
            share_extremes(s, solver.update(s.step, j));
        }
        iterations++;
    }
    solver.save();
    if (threadIdx.x == 0) {
        s.state.iterations = iterations;
        s.state.done = done;
        states[blockIdx.x] = s.state;
    }
}

#define SVM_SOLVE(name, R, UNIT)                                                                                     \
    KERNEL __launch_bounds__(THREADS, 1)                                                                             \
        name(const Problem *problems, State *states, double tolerance, int slice, long long fewest) {                \
        solve<R, UNIT>(problems, states, tolerance, slice, fewest);                                                  \
    }

constexpr int FEW = 8, MANY = 20; // samples of a thread
constexpr int FEW_SAMPLES = FEW * THREADS, MANY_SAMPLES = MANY * THREADS;
static_assert(FEW_SAMPLES == 4096 && MANY_SAMPLES == 10240, "the names say so");

SVM_SOLVE(svm_solve_rbf_4096, FEW, true)
SVM_SOLVE(svm_solve_rbf_10240, MANY, true)
SVM_SOLVE(svm_solve_rbf_more, 0, true)
SVM_SOLVE(svm_solve_any_4096, FEW, false)
SVM_SOLVE(svm_solve_any_10240, MANY, false)
SVM_SOLVE(svm_solve_any_more, 0, false)
