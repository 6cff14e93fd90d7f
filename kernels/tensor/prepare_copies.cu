/* prepare_copies_TYPE: all copies of all kernels that a step reads, in one launch, from the fp32 master.
 * jobs: 12 64-bit integers each: address of w [side,side,Ci,Co] float, address of out [phases][columns][rows] TYPE (K, the
 * rows, contiguous), form, side, Ci, Co, padded, phases, rows, columns, first tile, 0
 *   form 0  forward: row (i side + j) Ci + ci, column co; zero in rows from side side Ci on
 *   form 1  gradient of the input: row (i side + j) Co + co, column ci, taps flipped
 *   form 2  upsample + conv, forward: phase 2 a + b, row (2 u + v) Ci + ci, column co: a 2x2 tap is the sum of the 3x3 taps
 *           that meet the same small pixel
 *   form 3  upsample + conv, gradient of the input: row (4 u + v) padded + co, column ci
 *   form 4  upsample + conv, product first: row ci, column (4 u + v) padded + co
 * at most 256 jobs
 * launch grid (all tiles: sum over jobs of phases ceil(rows / 32) ceil(columns / 32)), block 256
 * cost   reads up to four master values, writes one; tiles of 32 x 32 turn in shared memory so that both sides are coalesced
 * proof  src/bench/cuda/step.cu; the backend contract
 */
#include "formats.cuh"
#include "memory.cuh"

struct Copy {
  const float* w;
  void* out;
  long long form, side, ci, co, padded, phases, rows, columns, first, none;
};

/* The 3x3 taps that effective tap u of an upsampled axis stands for: {2}, {1, 2}, {0, 1}, {0}. */
__device__ __forceinline__ int first_tap(int u) { return u == 0 ? 2 : u == 1 ? 1 : 0; }
__device__ __forceinline__ int last_tap(int u) { return u < 2 ? 2 : u == 2 ? 1 : 0; }

__device__ __forceinline__ float effective(const float* w, int u, int v, int Ci, int Co, int ci, int co) {
  float sum = 0;
  for (int i = first_tap(u); i <= last_tap(u); i++)
    for (int j = first_tap(v); j <= last_tap(v); j++) sum += w[((i * 3 + j) * Ci + ci) * Co + co];
  return sum;
}

/* Division by numbers that a job knows in advance. */
struct Split {
  Divisor ci, co, padded;
  __device__ explicit Split(const Copy& job)
      : ci(static_cast<int>(job.ci)), co(static_cast<int>(job.co)), padded(job.padded > 0 ? static_cast<int>(job.padded) : 1) {}
};

__device__ __forceinline__ float prepared(const float* w, int form, int side, const Split& by, int z, int row, int column) {
  int taps = side * side, Ci = by.ci.divisor, Co = by.co.divisor, padded = by.padded.divisor;
  if (form == 0) return row < taps * Ci ? w[row * Co + column] : 0;
  if (form == 1) {
    int tap = by.co.quotient(row);
    return w[((taps - 1 - tap) * Ci + column) * Co + row - tap * Co];
  }
  if (form == 2) {
    int tap = by.ci.quotient(row), a = z / 2, b = z % 2, u = tap / 2, v = tap % 2;
    return effective(w, a ? 2 - 2 * u : 3 - 2 * u, b ? 2 - 2 * v : 3 - 2 * v, Ci, Co, row - tap * Ci, column);
  }
  int k = form == 3 ? row : column, tap = by.padded.quotient(k), co = k - tap * padded;
  return co < Co ? effective(w, tap / 4, tap % 4, Ci, Co, form == 3 ? column : row, co) : 0;
}

template <class E>
__device__ __forceinline__ void prepare(const Copy* jobs, int count) {
  const int lane = threadIdx.x % 32, line = threadIdx.x / 32;
  __shared__ float tile[32][33];  // [column][row]
  // All threads look at once: a walk along the list would cost a memory latency a job.
  int at = __syncthreads_count(threadIdx.x < count && jobs[threadIdx.x].first <= blockIdx.x) - 1;
  const Copy job = jobs[at];
  int form = job.form, side = job.side, rows = job.rows, columns = job.columns;
  Split by(job);
  int local = blockIdx.x - job.first, down = (rows + 31) / 32, across = (columns + 31) / 32;
  int z = local / (down * across), rest = local - z * down * across, row0 = rest % down * 32, column0 = rest / down * 32;
  bool alongRows = form == 1 || form == 3;  // where neighbouring output channels of w lie
  for (int i = line; i < 32; i += 8) {
    int r = alongRows ? lane : i, c = alongRows ? i : lane;
    if (row0 + r < rows && column0 + c < columns)
      tile[c][r] = prepared(job.w, form, side, by, z, row0 + r, column0 + c);
  }
  __syncthreads();
  typename E::Value* out = static_cast<typename E::Value*>(job.out) + static_cast<long>(z) * rows * columns;
  for (int i = line; i < 32; i += 8)
    if (row0 + lane < rows && column0 + i < columns)
      out[static_cast<long>(column0 + i) * rows + row0 + lane] = E::round(tile[i][lane]);
}

#define KERNEL(name, E) \
  extern "C" __global__ void prepare_copies_##name(const Copy* jobs, int count) { prepare<E>(jobs, count); }
BELAY_EACH_TYPE(KERNEL)
