/* Runs kernels on the host, one block after the other, each thread of a block as a fiber that stops at barriers: enough
 * of CUDA for the kernels without tensor cores. HostKernels.java compiles a .cu file with this in front of it. */
#pragma once
#include <algorithm>
#include <csetjmp>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <ucontext.h>
#include <utility>
#include <vector>

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __shared__ static // blocks run in turn
#define __align__(bytes) __attribute__((aligned(bytes)))

using std::max;
using std::min;

struct dim3 {
    unsigned x, y, z;
};
static dim3 threadIdx, blockIdx, blockDim, gridDim;

struct alignas(16) uint4 {
    unsigned x, y, z, w;
};
struct alignas(16) float4 {
    float x, y, z, w;
};
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }

inline int atomicAdd(int *to, int value) { return (*to += value) - value; } // threads run in turn
inline unsigned __umulhi(unsigned a, unsigned b) { return (uint64_t)a * b >> 32; }
inline float __uint_as_float(unsigned bits) {
    float x;
    memcpy(&x, &bits, 4);
    return x;
}
inline unsigned __float_as_uint(float x) {
    unsigned bits;
    memcpy(&bits, &x, 4);
    return bits;
}

/* types.cuh rounds to tf32 by an instruction: half away from zero. */
inline unsigned round_to_tf32(float x) { return x != x ? 0x7fffffffu : (__float_as_uint(x) + 0x1000u) & ~0x1fffu; }
#define asm(...) bits = round_to_tf32(x)

/* All static: libraries of several kernel files live in one process. */
namespace fibers {
constexpr size_t STACK = 1 << 16;
struct Place {
    jmp_buf at;
};
static jmp_buf scheduler;
static std::vector<Place> threads;
static std::vector<char> stacks;
static std::vector<bool> done, waiting; // at the end, at a barrier of the block
static std::function<void()> body;
static size_t current;

static void leave_to_scheduler() { _longjmp(scheduler, 1); }

static void enter() {
    body();
    done[current] = true;
    leave_to_scheduler();
}

/* A first switch by ucontext gives a fiber its stack; later ones by jumps, which ask the system for nothing. */
static void begin(size_t at) {
    ucontext_t thread;
    getcontext(&thread);
    thread.uc_stack.ss_sp = &stacks[at * STACK];
    thread.uc_stack.ss_size = STACK;
    thread.uc_link = nullptr;
    makecontext(&thread, enter, 0);
    setcontext(&thread);
}

static void resume(bool first) {
    threadIdx = {(unsigned)current, 0, 0};
    if (_setjmp(scheduler)) return;
    if (first) begin(current);
    else _longjmp(threads[current].at, 1);
}

/* Whether all threads of a block met at each barrier. Between two barriers of the block the lanes of a warp may stop at
 * the same shuffles, as often as the warp likes. */
static bool run_block() {
    const long count = threads.size();
    done.assign(count, false), waiting.assign(count, false);
    for (bool first = true;; first = false) {
        for (current = 0; current < threads.size(); current++)
            if (!done[current] && !waiting[current]) resume(first);
        const long finished = std::count(done.begin(), done.end(), true);
        if (finished + std::count(waiting.begin(), waiting.end(), true) < count) continue;
        if (finished > 0) return finished == count;
        waiting.assign(count, false);
    }
}

static void stop() {
    if (!_setjmp(threads[current].at)) leave_to_scheduler();
}
} // namespace fibers

static void __syncthreads() {
    fibers::waiting[fibers::current] = true;
    fibers::stop();
}

/* A lane may be at its next shuffle before others have read what it gave to this one: two places in turn. */
template <class V> static V __shfl_xor_sync(unsigned, V value, int lanes) {
    static V given[2][1024];
    static bool turns[1024];
    const size_t me = fibers::current;
    const bool turn = turns[me] = !turns[me];
    given[turn][me] = value;
    fibers::stop();
    return given[turn][me ^ lanes];
}

template <class... P, size_t... I>
static void call(void (*kernel)(P...), void **arguments, std::index_sequence<I...>) {
    kernel(*static_cast<P *>(arguments[I])...);
}

template <class... P> static bool run(void (*kernel)(P...), const int *grid, int block, void **arguments) {
    gridDim = {(unsigned)grid[0], (unsigned)grid[1], (unsigned)grid[2]};
    blockDim = {(unsigned)block, 1, 1};
    fibers::threads.resize(block), fibers::stacks.resize(block * fibers::STACK);
    fibers::body = [=] { call(kernel, arguments, std::index_sequence_for<P...>()); };
    for (unsigned z = 0; z < gridDim.z; z++)
        for (unsigned y = 0; y < gridDim.y; y++)
            for (unsigned x = 0; x < gridDim.x; x++) {
                blockIdx = {x, y, z};
                if (!fibers::run_block()) return false;
            }
    return true;
}

/* What HostKernels.java calls: each kernel, and the conversions of each type. */
#define RUN(name)                                                                                                    \
    extern "C" int run_##name(const int *grid, int block, void **arguments) {                                        \
        return run(name, grid, block, arguments);                                                                    \
    }
#define CONVERSIONS(name, T)                                                                                         \
    extern "C" void round_to_##name(const float *from, T *to, int count) {                                           \
        for (int i = 0; i < count; i++) to[i] = as<T>(from[i]);                                                      \
    }                                                                                                                \
    extern "C" void floats_of_##name(const T *from, float *to, int count) {                                          \
        for (int i = 0; i < count; i++) to[i] = get(from[i]);                                                        \
    }
