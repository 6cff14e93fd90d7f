/* prepare_copies_TYPE: all copies of all kernels that a step reads, in one launch, from the fp32 master.
 * jobs: 12 64-bit integers each: address of w [side,side,Ci,Co] float, address of out [phases][columns][rows] TYPE (K, the
 * rows, contiguous), form, side, Ci, Co, padded, phases, rows, columns, first tile, 0
 *   form 0  forward: row (i side + j) Ci + ci, column co; zero in rows from side side Ci on
 *   form 1  gradient of the input: row (i side + j) Co + co, column ci, taps flipped
 *   form 2  upsample + conv, forward: phase 2 a + b, row (2 u + v) Ci + ci, column co: a 2x2 tap is the sum of the 3x3 taps
 *           that meet the same small pixel
 *   form 3  upsample + conv, gradient of the input: row (4 u + v) padded + co, column ci
 *   form 4  upsample + conv, product first: row ci, column (4 u + v) padded + co
 *   form 5, 6  gradient of the input of a convolution with stride 2 and even, odd padding: phase 2 a + b, row (u taps + v) Co + co,
 *           column ci, taps = ceil(side / 2); zero where no tap is (../prepare.cu derives which)
 * at most 256 jobs
 * launch grid (all tiles: sum over jobs of phases ceil(rows / 32) ceil(columns / 32)), block 256
 * cost   reads up to four master values, writes one; tiles of 32 x 32 turn in shared memory so that both sides are coalesced
 * proof  src/bench/cuda/step.cu; the backend contract
 */
#include "formats.cuh"
#include "forms.cuh"
#include "memory.cuh"

struct Copy {
  const float* w;
  void* out;
  long long form, side, ci, co, padded, phases, rows, columns, first, none;
};

constexpr int THREADS = 256, TILE = 32, LINES = THREADS / TILE, FIELDS = 12;
static_assert(sizeof(Copy) == 8 * FIELDS, "the host's tables");

/* The 3x3 taps that effective tap u of an upsampled axis stands for: {2}, {1, 2}, {0, 1}, {0}. */
__device__ __forceinline__ int first_tap(int u) { return u == 0 ? 2 : u == 1 ? 1 : 0; }
__device__ __forceinline__ int last_tap(int u) { return u < 2 ? 2 : u == 2 ? 1 : 0; }

/* Up to four master values; asked for together, or each would cost a memory latency of its own. */
__device__ __forceinline__ float effective(const float* w, int u, int v, int Ci, int Co, int ci, int co) {
  int i = first_tap(u), j = first_tap(v);
  bool down = last_tap(u) > i, right = last_tap(v) > j;
  const float* at = w + ((i * 3 + j) * Ci + ci) * Co + co;
  int row = 3 * Ci * Co, column = Ci * Co;
  float a = __ldg(at), b = right ? __ldg(at + column) : 0;
  float c = down ? __ldg(at + row) : 0, d = down && right ? __ldg(at + row + column) : 0;
  return (a + b) + (c + d);
}

/* Division by numbers that a job knows in advance. */
struct Split {
  Divisor ci, co, padded;
  __device__ explicit Split(const Copy& job)
      : ci(static_cast<int>(job.ci)), co(static_cast<int>(job.co)), padded(job.padded > 0 ? static_cast<int>(job.padded) : 1) {}
};

template <int form>
__device__ __forceinline__ float prepared(const float* w, int side, const Split& by, int z, int row, int column) {
  int taps = side * side, Ci = by.ci.divisor, Co = by.co.divisor, padded = by.padded.divisor;
  if (form == FORWARD) return row < taps * Ci ? __ldg(w + row * Co + column) : 0;
  if (form == INPUT_GRADIENT) {
    int tap = by.co.quotient(row);
    return __ldg(w + ((taps - 1 - tap) * Ci + column) * Co + row - tap * Co);
  }
  if (form == PHASES) {
    int tap = by.ci.quotient(row), a = z / 2, b = z % 2, u = tap / 2, v = tap % 2;
    return effective(w, a ? 2 - 2 * u : 3 - 2 * u, b ? 2 - 2 * v : 3 - 2 * v, Ci, Co, row - tap * Ci, column);
  }
  if (form >= INPUT_PHASES_EVEN) {
    int tap = by.co.quotient(row), half = (side + 1) / 2;
    int i = strided_tap(form, side, z / 2, tap / half), j = strided_tap(form, side, z % 2, tap % half);
    return i < side && j < side ? __ldg(w + ((i * side + j) * Ci + column) * Co + row - tap * Co) : 0;
  }
  int k = form == TAPS_DOWN ? row : column, tap = by.padded.quotient(k), co = k - tap * padded;
  return co < Co ? effective(w, tap / 4, tap % 4, Ci, Co, form == TAPS_DOWN ? column : row, co) : 0;
}

template <class E>
__device__ __forceinline__ void prepare(const Copy* jobs, int count) {
  const int lane = threadIdx.x % TILE, line = threadIdx.x / TILE;
  __shared__ float tile[TILE][TILE + 1];  // [column][row]
  // All threads look at once: a walk along the list would cost a memory latency a job.
  int at = __syncthreads_count(threadIdx.x < count && jobs[threadIdx.x].first <= blockIdx.x) - 1;
  const Copy job = jobs[at];
  int form = job.form, side = job.side, rows = job.rows, columns = job.columns;
  Split by(job);
  int local = blockIdx.x - job.first, down = (rows + TILE - 1) / TILE, across = (columns + TILE - 1) / TILE;
  int z = local / (down * across), rest = local - z * down * across, row0 = rest % down * TILE, column0 = rest / down * TILE;
  auto fill = [&](auto which) {
    constexpr int FORM = decltype(which)::value;
    constexpr bool ALONG_ROWS = FORM == INPUT_GRADIENT || FORM == TAPS_DOWN || FORM >= INPUT_PHASES_EVEN;  // where neighbouring output channels of w lie
    float v[TILE / LINES];  // asked for together
#pragma unroll
    for (int i = 0; i < TILE / LINES; i++) {
      int r = ALONG_ROWS ? lane : line + LINES * i, c = ALONG_ROWS ? line + LINES * i : lane;
      bool ok = row0 + r < rows && column0 + c < columns;
      v[i] = ok ? prepared<FORM>(job.w, side, by, z, row0 + r, column0 + c) : 0;
    }
#pragma unroll
    for (int i = 0; i < TILE / LINES; i++)
      tile[ALONG_ROWS ? line + LINES * i : lane][ALONG_ROWS ? lane : line + LINES * i] = v[i];
  };
  if (form == FORWARD) fill(std::integral_constant<int, FORWARD>());
  else if (form == INPUT_GRADIENT) fill(std::integral_constant<int, INPUT_GRADIENT>());
  else if (form == PHASES) fill(std::integral_constant<int, PHASES>());
  else if (form == TAPS_DOWN) fill(std::integral_constant<int, TAPS_DOWN>());
  else if (form == TAPS_ACROSS) fill(std::integral_constant<int, TAPS_ACROSS>());
  else if (form == INPUT_PHASES_EVEN) fill(std::integral_constant<int, INPUT_PHASES_EVEN>());
  else fill(std::integral_constant<int, INPUT_PHASES_ODD>());
  __syncthreads();
  typename E::Value* out = static_cast<typename E::Value*>(job.out) + static_cast<long>(z) * rows * columns;
  for (int i = line; i < TILE; i += LINES)
    if (row0 + lane < rows && column0 + i < columns)
      out[static_cast<long>(column0 + i) * rows + row0 + lane] = E::round(tile[i][lane]);
}

#define KERNEL(name, E) \
  extern "C" __global__ void prepare_copies_##name(const Copy* jobs, int count) { prepare<E>(jobs, count); }
BELAY_EACH_TYPE(KERNEL)
