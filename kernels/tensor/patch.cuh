/* The first layer's view of the image bytes: patches of 3x3 pixels, column k = (3 i + j) C + c, zeros from 9 C up to 32.
 *
 * A tile is up to 16 pooling windows side by side, 64 pixels: 4 rows of 34 pixels lie in shared memory as floats in [0, 1],
 * where the 3 C values under one row of a patch are neighbours. Row r of the patch tile is pixel (r / 8) % 4 of window
 * r / 32 * 8 + r % 8, so that a thread of the matrix unit holds whole windows.
 */
#pragma once
#include "cores.cuh"

constexpr int PATCH = 32, TILE_WINDOWS = 16, TILE_PIXELS = 64, STRIP_ROWS = 4, STRIP_PIXELS = 2 * TILE_WINDOWS + 2;
constexpr int STRIP = STRIP_ROWS * STRIP_PIXELS * 3;  // floats
constexpr int STRIP_THREADS = 128, STRIP_EACH = (STRIP + STRIP_THREADS - 1) / STRIP_THREADS;

__device__ __forceinline__ int tile_window(int row) { return row / 32 * 8 + row % 8; }
__device__ __forceinline__ int tile_pixel(int row) { return row / 8 % 4; }

/* Which windows a tile covers: row `y` of windows of an image, from `x` on. */
struct WindowTiles {
  int h, w, across;  // windows
  Divisor perImage, perRow;
  __device__ WindowTiles(int h, int w)
      : h(h), w(w), across((w + TILE_WINDOWS - 1) / TILE_WINDOWS), perImage(h * across), perRow(across) {}
  __device__ __forceinline__ Pixel at(int tile) const {
    int image = perImage.quotient(tile), rest = tile - image * h * across, y = perRow.quotient(rest);
    return {image, y, (rest - y * across) * TILE_WINDOWS};
  }
};

/* byte / 255, correctly rounded: one Newton step makes up for the rounded reciprocal. */
__device__ __forceinline__ float unit(unsigned char byte) {
  float x = byte, quotient = x * (1 / 255.f);
  return fmaf(fmaf(-255.f, quotient, x), 1 / 255.f, quotient);
}

/* The strip of image bytes around a tile, on its way through registers. images [count,C,H,W], rows [N] */
struct Strip {
  float v[STRIP_EACH];
  __device__ __forceinline__ void fetch(const unsigned char* images, const int* rows, Pixel tile, int h, int w,
                                        int channels) {
    const unsigned char* image = images + static_cast<long>(rows[tile.image]) * channels * h * w;
    int per = STRIP_ROWS * STRIP_PIXELS;
#pragma unroll
    for (int i = 0; i < STRIP_EACH; i++) {
      int at = threadIdx.x + i * STRIP_THREADS, c = at / per, rest = at - c * per;
      int y = 2 * tile.y - 1 + rest / STRIP_PIXELS, x = 2 * tile.x - 1 + rest % STRIP_PIXELS;
      bool ok = c < channels && static_cast<unsigned>(y) < h && static_cast<unsigned>(x) < w;
      v[i] = ok ? unit(image[(c * h + y) * w + x]) : 0;
    }
  }
  /* to [4][34][C] */
  __device__ __forceinline__ void put(float* strip, int channels) const {
#pragma unroll
    for (int i = 0; i < STRIP_EACH; i++) {
      int at = threadIdx.x + i * STRIP_THREADS, c = at / (STRIP_ROWS * STRIP_PIXELS), rest = at - c * (STRIP_ROWS * STRIP_PIXELS);
      if (c < channels) strip[rest * channels + c] = v[i];
    }
  }
};

/* `CHUNKS` 16-byte chunks of the patch of tile row `row`, from column K0 on; put(chunk, bytes). */
template <class E, int K0, int CHUNKS, class Put>
__device__ __forceinline__ void patch_chunks(const float* strip, int row, int channels, Put put) {
  constexpr int CH = 16 / E::BYTES;
  int window = tile_window(row), pixel = tile_pixel(row);
  const float* from = strip + ((pixel >> 1) * STRIP_PIXELS + 2 * window + (pixel & 1)) * channels;
  int run = 3 * channels, skip = (STRIP_PIXELS - 3) * channels;
#pragma unroll
  for (int chunk = 0; chunk < CHUNKS; chunk++) {
    float v[CH];
#pragma unroll
    for (int q = 0; q < CH; q++) {
      int k = K0 + chunk * CH + q;
      int at = k + (k >= run ? skip : 0) + (k >= 2 * run ? skip : 0);
      v[q] = k < 3 * run ? from[at] : 0;
    }
    if constexpr (E::BYTES == 2) {
      put(K0 / CH + chunk, make_uint4(E::pack(v[0], v[1]), E::pack(v[2], v[3]), E::pack(v[4], v[5]), E::pack(v[6], v[7])));
    } else {
      put(K0 / CH + chunk, make_uint4(__float_as_uint(E::round(v[0])), __float_as_uint(E::round(v[1])),
                                      __float_as_uint(E::round(v[2])), __float_as_uint(E::round(v[3]))));
    }
  }
}

/* All 64 patches by 128 threads, two a patch; the halves are whole warps, so that every index but the pixel is known. */
template <class E, class Put>
__device__ __forceinline__ void patches(const float* strip, int channels, Put put) {
  constexpr int HALF = PATCH / 2 * E::BYTES / 16;
  int row = threadIdx.x % TILE_PIXELS;
  if (threadIdx.x < TILE_PIXELS) {
    patch_chunks<E, 0, HALF>(strip, row, channels, [&](int chunk, uint4 v) { put(row, chunk, v); });
  } else {
    patch_chunks<E, PATCH / 2, HALF>(strip, row, channels, [&](int chunk, uint4 v) { put(row, chunk, v); });
  }
}
