/* image_conv_relu_pool_forward: the first layer from the image bytes, y = maxpool2x2(max(0, conv3x3(x / 255, w) + b)).
 * Its 27 products a value are two matrix steps, so everything else counts: blocks stay and keep the weights, patches are made
 * in shared memory, and a thread pools what its own accumulators hold.
 * images [count,C,H,W] bytes, C <= 3; rows [N] which images; w [Co,32] (K contiguous: k = (3 i + j) C + c, zeros from 9 C on),
 * b [Co] float -> y [N,H/2,W/2,Co], argmax a byte a value (2 dy + dx of the first maximum) or null
 * needs  Co a multiple of 8, H and W even
 * launch grid (any, best a few a multiprocessor; ceil(Co / 256)), block 128, shared 37120 (32-bit types: 65792)
 * cost   18 N H W C Co flop, 64 N H W Co executed; bound by the writing of y
 * proof  src/bench/cuda/step.cu; the backend contract
 */
#include "formats.cuh"
#include "patch.cuh"

constexpr int THREADS = 128, COLUMNS = 256;  // of a block: 64 a warp
constexpr int PLACES = 72;                   // bytes of the places of a window's 64 columns in shared memory

/* Bytes of a window's 64 columns in shared memory. */
template <class E>
__host__ __device__ constexpr int window_bytes() {
  return 64 * E::BYTES + 16;
}

/* Weights, patches, the strip, biases, and the windows of each warp. */
template <class E>
__host__ __device__ constexpr int image_convolve_shared() {
  return (COLUMNS + TILE_PIXELS) * PATCH * E::BYTES + (STRIP + COLUMNS) * 4 +
         THREADS / 32 * TILE_WINDOWS * (window_bytes<E>() + PLACES);
}

/* Where chunk `chunk` of row `row` of a patch or weight tile lies: rows of 64 or 128 bytes, free of bank conflicts. */
template <class E>
__device__ __forceinline__ int place(int row, int chunk) {
  constexpr int WIDTH = PATCH * E::BYTES;
  return row * WIDTH + ((chunk ^ (WIDTH == 64 ? row >> 1 & 3 : row & 7)) << 4);
}

/* One warp's 8 windows x 64 columns by the matrix unit; put(window, column, value, next value, places). */
template <class E, class Put>
__device__ __forceinline__ void multiply_pool(uint32_t a, uint32_t b, int pair, Put put) {
  constexpr int WIDTH = PATCH * E::BYTES, STEPS = WIDTH / 32;
  int lane = threadIdx.x % 32;
  float acc[2][8][4] = {};
  uint32_t rows = a + pair * 32 * WIDTH, columns = b + threadIdx.x / 32 * 64 * WIDTH;
#pragma unroll
  for (int step = 0; step < STEPS; step++) {
    uint32_t pa = place<E>(lane & 15, 2 * step + (lane >> 4));
    uint32_t pb = place<E>((lane & 7) + ((lane >> 4) << 3), 2 * step + ((lane >> 3) & 1));
    uint32_t top[4], bottom[4];
    load_matrices(top, rows + pa);
    load_matrices(bottom, rows + 16 * WIDTH + pa);
    Operand<E, 4> a0(top), a1(bottom);
#pragma unroll
    for (int j = 0; j < 4; j++) {
      uint32_t raw[4];
      load_matrices(raw, columns + j * 16 * WIDTH + pb);
      Operand<E, 4> fb(raw);
      multiply4(acc[0][2 * j], acc[0][2 * j + 1], acc[1][2 * j], acc[1][2 * j + 1], a0, a1, fb);
    }
  }
#pragma unroll
  for (int j = 0; j < 8; j++) {
    float lo = acc[0][j][0], hi = acc[0][j][1];
    uint32_t low = first_maximum(lo, acc[0][j][2], acc[1][j][0], acc[1][j][2]);
    uint32_t high = first_maximum(hi, acc[0][j][3], acc[1][j][1], acc[1][j][3]);
    put(pair * 8 + (lane >> 2), 8 * j + 2 * (lane & 3), lo, hi, low | high << 8);
  }
}

template <class E>
__device__ __forceinline__ void image_convolve(typename E::Value* y, unsigned char* argmax, const unsigned char* images,
                                               const int* rows, const typename E::Value* w, const float* bias, int count,
                                               int h, int width, int channels, int n) {
  constexpr int CH = 16 / E::BYTES, CHUNKS = PATCH / CH;
  constexpr int PITCH = window_bytes<E>();
  extern __shared__ __align__(1024) char shared[];
  uint32_t b = shared_address(shared), a = b + COLUMNS * PATCH * E::BYTES;
  float* strip = reinterpret_cast<float*>(shared + (COLUMNS + TILE_PIXELS) * PATCH * E::BYTES);
  float* biases = strip + STRIP;
  int warp = threadIdx.x / 32, lane = threadIdx.x % 32, n0 = blockIdx.y * COLUMNS;
  char* staged = reinterpret_cast<char*>(biases + COLUMNS) + warp * TILE_WINDOWS * (PITCH + PLACES);
  char* places = staged + TILE_WINDOWS * PITCH;

  for (int i = threadIdx.x; i < COLUMNS * CHUNKS; i += blockDim.x) {
    int row = i / CHUNKS, chunk = i % CHUNKS;
    bool ok = n0 + row < n;
    copy16(b + place<E>(row, chunk), ok ? w + (n0 + row) * PATCH + chunk * CH : w, ok);
  }
  copies_commit();
  copies_wait<0>();
  for (int i = threadIdx.x; i < COLUMNS; i += blockDim.x) biases[i] = n0 + i < n ? bias[n0 + i] : 0;

  WindowTiles tiles(h / 2, width / 2);
  int all = count * tiles.h * tiles.across;
  Strip next;
  if (blockIdx.x < all) next.fetch(images, rows, tiles.at(blockIdx.x), h, width, channels);
  for (int tile = blockIdx.x; tile < all; tile += gridDim.x) {
    next.put(strip, channels);
    __syncthreads();
    if (tile + gridDim.x < all) next.fetch(images, rows, tiles.at(tile + gridDim.x), h, width, channels);
    patches<E>(strip, channels, [&](int row, int chunk, uint4 v) {
      store16(a + place<E>(row, chunk), v);
    });
    __syncthreads();
    if (n0 + warp * 64 >= n) continue;
#pragma unroll
    for (int pair = 0; pair < 2; pair++) {
      const float* mine = biases + warp * 64;
        multiply_pool<E>(a, b, pair, [&](int window, int column, float lo, float hi, uint32_t at) {
          lo = larger(lo + mine[column], 0), hi = larger(hi + mine[column + 1], 0);
          if constexpr (E::BYTES == 2) {
            *reinterpret_cast<uint32_t*>(staged + window * PITCH + column * 2) = E::pack(lo, hi);
          } else {
            *reinterpret_cast<float2*>(staged + window * PITCH + column * 4) = make_float2(E::round(lo), E::round(hi));
          }
          *reinterpret_cast<uint16_t*>(places + window * PLACES + column) = at;
        });
    }
    __syncwarp();
    Pixel first = tiles.at(tile);
    long pixel = (static_cast<long>(first.image) * tiles.h + first.y) * tiles.w + first.x;
#pragma unroll
    for (int i = 0; i < TILE_WINDOWS / 4; i++) {
      int window = i * 4 + lane / 8, column = lane % 8 * 8, to = n0 + warp * 64 + column;
      if (first.x + window < tiles.w && to < n) {
        long at = (pixel + window) * n + to;
        const uint4* from = reinterpret_cast<const uint4*>(staged + window * PITCH + column * E::BYTES);
        uint4* out = reinterpret_cast<uint4*>(y + at);
        out[0] = from[0];
        if (E::BYTES == 4) out[1] = from[1];
        if (argmax) *reinterpret_cast<uint2*>(argmax + at) = *reinterpret_cast<const uint2*>(places + window * PLACES + column);
      }
    }
    __syncwarp();
  }
}

#define KERNEL(name, E)                                                                                              \
  SHARED_BYTES(image_conv_relu_pool_forward_##name, (E::BYTES == 2 ? 37120 : 65792), image_convolve_shared<E>())     \
  extern "C" __global__ void __launch_bounds__(THREADS, E::BYTES == 2 ? 4 : 3) image_conv_relu_pool_forward_##name(  \
      E::Value* y, unsigned char* argmax, const unsigned char* images, const int* rows, const E::Value* w,           \
      const float* bias, int count, int h, int width, int channels, int co) {                                        \
    image_convolve<E>(y, argmax, images, rows, w, bias, count, h, width, channels, co);                              \
  }
BELAY_EACH_TYPE(KERNEL)
