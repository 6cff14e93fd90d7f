/* Runs the steps of kernels/lab and the production kernels on the second layer's shape: 3x3, 256 -> 128 channels, 16 x 16.
 * usage  lab FOLDER-OF-IMAGES BATCH
 * build  nvcc -std=c++17 -O2 -arch=sm_90 lab.cu -o lab
 * Prints relative error against double, median time of CUDA events, GFLOP/s, compulsory GB/s and speed-up over v1.
 */
#include <climits>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>
#include "reference.cuh"

#define CUDA(call)                                                                                                   \
  do {                                                                                                               \
    cudaError_t e = (call);                                                                                          \
    if (e != cudaSuccess) printf("%s:%d %s: %s\n", __FILE__, __LINE__, #call, cudaGetErrorString(e)), exit(1);       \
  } while (0)

static std::string folder;
template <class... Args>
static void launch(const std::string& file, const std::string& name, dim3 grid, dim3 block, int shared, Args... args) {
  static std::vector<std::pair<std::string, cudaKernel_t>> known;
  cudaKernel_t k = nullptr;
  for (auto& entry : known)
    if (entry.first == name) k = entry.second;
  if (!k) {
    cudaLibrary_t library;
    CUDA(cudaLibraryLoadFromFile(&library, (folder + "/" + file + ".fatbin").c_str(), nullptr, nullptr, 0, nullptr, nullptr, 0));
    CUDA(cudaLibraryGetKernel(&k, library, name.c_str()));
    if (shared) CUDA(cudaFuncSetAttribute((const void*)k, cudaFuncAttributeMaxDynamicSharedMemorySize, shared));
    known.push_back({name, k});
  }
  void* list[] = {&args...};
  CUDA(cudaLaunchKernel((const void*)k, grid, block, list, shared, 0));
}

template <class T>
static T* make(size_t n) {
  void* p;
  CUDA(cudaMalloc(&p, n * sizeof(T)));
  return (T*)p;
}

template <class E>
__global__ void from_float(typename E::Value* out, const float* in, long n) {
  long i = blockIdx.x * 256L + threadIdx.x;
  if (i < n) out[i] = E::round(in[i]);
}
/* [3,3,Ci,Co] -> [Co,3,3,Ci], or flipped [Ci,3,3,Co] */
__global__ void turn(float* out, const float* w, int ci, int co, bool flip) {
  int i = blockIdx.x * 256 + threadIdx.x;
  if (i >= 9 * ci * co) return;
  int o = i % co, c = i / co % ci, tap = i / co / ci;
  out[flip ? (c * 9 + 8 - tap) * co + o : (o * 9 + tap) * ci + c] = w[i];
}

struct Row {
  std::string operation, version;
  double error, ms;
};
static std::vector<Row> rows;
static void measure(const char* operation, const char* version, const std::function<void()>& run, const float* out,
                    const float* reference, long n) {
  cudaEvent_t a, z;
  cudaEventCreate(&a), cudaEventCreate(&z);
  std::vector<float> times;
  for (int i = 0; i < 7; i++) {
    cudaEventRecord(a);
    run();
    cudaEventRecord(z);
    CUDA(cudaEventSynchronize(z));
    float ms;
    cudaEventElapsedTime(&ms, a, z);
    if (i > 1) times.push_back(ms);
  }
  std::sort(times.begin(), times.end());
  std::vector<float> got(n), ref(n);
  CUDA(cudaMemcpy(got.data(), out, n * 4, cudaMemcpyDeviceToHost));
  CUDA(cudaMemcpy(ref.data(), reference, n * 4, cudaMemcpyDeviceToHost));
  double difference = 0, norm = 0;
  for (long i = 0; i < n; i++) difference += pow((double)got[i] - ref[i], 2), norm += (double)ref[i] * ref[i];
  rows.push_back({operation, version, sqrt(difference / norm), times[times.size() / 2]});
}

static const int H = 16, CI = 256, CO = 128;
static int n;
static float *x, *dy, *w, *b, *y, *dx, *dw, *parts, *ry, *rdx, *rdw;
static long pixels() { return (long)n * H * H; }

template <class E>
static void production(const std::string& type, const char* version) {
  using T = typename E::Value;
  T *xt = make<T>(pixels() * CI), *dyt = make<T>(pixels() * CO), *wf = make<T>(9 * CI * CO), *wb = make<T>(9 * CI * CO);
  T *yt = make<T>(pixels() * CO), *dxt = make<T>(pixels() * CI), *ones = make<T>(pixels() * CI);
  float* scratch = make<float>(pixels() * CI);
  auto convert = [&](T* out, const float* in, long len) { from_float<E><<<(len + 255) / 256, 256>>>(out, in, len); };
  convert(xt, x, pixels() * CI), convert(dyt, dy, pixels() * CO);
  turn<<<9 * CI * CO / 256, 256>>>(scratch, w, CI, CO, false), convert(wf, scratch, 9 * CI * CO);
  turn<<<9 * CI * CO / 256, 256>>>(scratch, w, CI, CO, true), convert(wb, scratch, 9 * CI * CO);
  fill<<<(pixels() * CI + 255) / 256, 256>>>(scratch, pixels() * CI, 1, 1, 1, 1, 1), convert(ones, scratch, pixels() * CI);
  T* none = nullptr;
  unsigned char* no = nullptr;
  float* zero = nullptr;
  int tiles = (pixels() + 127) / 128, share = ((pixels() + 13) / 14 + 63) / 64 * 64, splits = (pixels() + share - 1) / share;
  auto forward = [&] {
    launch("gather_gemm_" + type, "gather_gemm_plain_" + type + "_128x128", dim3(tiles, 1, 1), 128, 98304, xt, wf, b, none, yt, no, n, H,
           H, CI, H, H, CO, 3, 3, 1, -1, -1, 0, 1, 0, zero);
  };
  auto backward = [&] {
    launch("gather_gemm_" + type, "gather_gemm_mask_" + type + "_128x128", dim3(tiles, 2, 1), 128, 98304, dyt, wb, zero, ones, dxt, no, n,
           H, H, CO, H, H, CI, 3, 3, 1, -1, -1, 0, 1, 0, zero);
  };
  auto gradient = [&] {
    launch("gather_weight_gradient_" + type, "gather_weight_gradient_" + type + "_128x128", dim3(18, 1, splits), 128, 98304, xt, dyt,
           parts, zero, n, H, H, CI, H, H, CO, 3, 3, 1, -1, -1, share, (int)pixels(), INT_MAX, 0);
  };
  forward(), backward(), gradient();
  CUDA(cudaDeviceSynchronize());
  to_float<E><<<(pixels() * CO + 255) / 256, 256>>>(y, yt, pixels() * CO);
  to_float<E><<<(pixels() * CI + 255) / 256, 256>>>(dx, dxt, pixels() * CI);
  std::vector<float> all(1l * splits * 9 * CI * CO), sum(9 * CI * CO);
  CUDA(cudaMemcpy(all.data(), parts, all.size() * 4, cudaMemcpyDeviceToHost));
  for (size_t i = 0; i < all.size(); i++) sum[i % sum.size()] += all[i];
  CUDA(cudaMemcpy(dw, sum.data(), sum.size() * 4, cudaMemcpyHostToDevice));
  measure("forward", version, forward, y, ry, pixels() * CO);
  measure("input gradient", version, backward, dx, rdx, pixels() * CI);
  measure("weight gradient", version, gradient, dw, rdw, 9l * CI * CO);
}

int main(int, char** argv) {
  folder = argv[1], n = atoi(argv[2]);
  x = make<float>(pixels() * CI), dy = make<float>(pixels() * CO), w = make<float>(9 * CI * CO), b = make<float>(CO);
  y = make<float>(pixels() * CO), dx = make<float>(pixels() * CI), dw = make<float>(9 * CI * CO), parts = make<float>(20l * 9 * CI * CO);
  ry = make<float>(pixels() * CO), rdx = make<float>(pixels() * CI), rdw = make<float>(9 * CI * CO);
  auto random = [](float* p, long len, int seed) { fill<<<(len + 255) / 256, 256>>>(p, len, -1, 1, seed, 1, 1); };
  random(x, pixels() * CI, 1), random(dy, pixels() * CO, 2), random(w, 9 * CI * CO, 3), random(b, CO, 4);
  ref_forward<<<(pixels() * CO + 255) / 256, 256>>>(ry, x, w, b, n, H, H, CI, CI, CO, false, false);
  ref_input_gradient<<<(pixels() * CI + 255) / 256, 256>>>(rdx, dy, w, n, H, H, CI, CO, false);
  ref_weight_gradient<<<dim3(CO / 32, CI, 9), dim3(32, 8)>>>(rdw, x, dy, n, H, H, CI, CI, CO, false);
  for (int v = 1; v <= 3; v++) {
    std::string s = "_v" + std::to_string(v);
    dim3 forward[4] = {0, (unsigned)((pixels() * CO + 255) / 256), dim3(pixels() / 64, CO / 32), dim3((pixels() + 63) / 64, CO / 64)};
    dim3 backward[4] = {0, (unsigned)((pixels() * CI + 255) / 256), dim3(pixels() / 64, CI / 32), dim3((pixels() + 63) / 64, CI / 64)};
    dim3 gradient[4] = {0, 9 * CI * CO / 256, dim3(CO / 32, CI, 9), dim3(CI / 64, CO / 64, 9)};
    const char* names[4] = {"", "v1 naive: one thread an output", "v2 shared memory, filters batched", "v3 implicit GEMM"};
    measure("forward", names[v], [&] { launch("conv3x3_forward", "conv3x3_forward" + s, forward[v], 256, 0, x, w, b, y, n, H, H, CI, CO); },
            y, ry, pixels() * CO);
    measure("input gradient", names[v],
            [&] { launch("conv3x3_input_gradient", "conv3x3_input_gradient" + s, backward[v], 256, 0, dy, w, dx, n, H, H, CI, CO); }, dx, rdx,
            pixels() * CI);
    measure("weight gradient", names[v],
            [&] { launch("conv3x3_weight_gradient", "conv3x3_weight_gradient" + s, gradient[v], 256, 0, x, dy, dw, n, H, H, CI, CO); },
            dw, rdw, 9l * CI * CO);
  }
  production<Tf32x3>("tf32x3", "production, tf32x3");
  production<Tf32>("tf32", "production, tf32");
  production<Bf16>("bf16", "production, bf16");
  for (const char* operation : {"forward", "input gradient", "weight gradient"}) {
    double first = 0;
    for (auto& row : rows)
      if (row.operation == operation) {
        if (first == 0) first = row.ms;
        double flop = 18.0 * pixels() * CI * CO, width = row.version.find("bf16") != std::string::npos ? 2 : 4;
        double bytes = width * (pixels() * (CI + CO) + 9.0 * CI * CO);
        printf("%-16s %-34s %8.3f ms %9.0f GFLOP/s %7.1f GB/s %7.1fx  error %.1e\n", operation, row.version.c_str(), row.ms,
               flop / row.ms / 1e6, bytes / row.ms / 1e6, first / row.ms, row.error);
      }
  }
}
