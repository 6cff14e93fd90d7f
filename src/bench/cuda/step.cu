/* Checks every tensor kernel against plain references in double and times a whole training step.
 *
 * usage   step FOLDER-OF-CUBINS check|time TYPE... -- BATCH...
 * check   fresh random inputs, outputs poisoned with NaN, each kernel's result against the reference computed from the very
 *         tensors it read: |out - ref| / |ref|; the whole step twice, bits compared
 * time    medians of CUDA events by operation, then the step and the encoder as replayed graphs
 * build   nvcc -std=c++17 -O2 -arch=sm_90 step.cu -o step
 */
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cmath>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <vector>
#include "reference.cuh"

#define CUDA(call)                                                                              \
  do {                                                                                          \
    cudaError_t e = (call);                                                                     \
    if (e != cudaSuccess) {                                                                     \
      printf("%s:%d %s: %s\n", __FILE__, __LINE__, #call, cudaGetErrorString(e)), exit(1);      \
    }                                                                                           \
  } while (0)

static const char* FILES[] = {"gather_gemm_TYPE", "gather_weight_gradient_TYPE", "image_conv_relu_pool_forward",
                              "image_conv_weight_gradient", "prepare_copies", "add_parts", "upsample_conv_loss"};
static std::vector<cudaLibrary_t> libraries;

static void load(const std::string& folder, const std::vector<std::string>& types) {
  for (std::string file : FILES) {
    size_t at = file.find("TYPE");
    for (auto& type : at == std::string::npos ? std::vector<std::string>{""} : types) {
      std::string path = folder + "/" + (at == std::string::npos ? file : file.substr(0, at) + type) + ".fatbin";
      cudaLibrary_t library;
      CUDA(cudaLibraryLoadFromFile(&library, path.c_str(), nullptr, nullptr, 0, nullptr, nullptr, 0));
      libraries.push_back(library);
    }
  }
}

static cudaKernel_t kernel(const std::string& name) {
  static std::map<std::string, cudaKernel_t> known;
  if (known.count(name)) return known[name];
  for (auto library : libraries) {
    cudaKernel_t k;
    if (cudaLibraryGetKernel(&k, library, name.c_str()) == cudaSuccess) {
      CUDA(cudaFuncSetAttribute((const void*)k, cudaFuncAttributeMaxDynamicSharedMemorySize, name.find("prepare") == 0 || name.find("add") == 0 ? 0 : 106 * 1024));
      return known[name] = k;
    }
    cudaGetLastError();
  }
  printf("no kernel %s\n", name.c_str());
  exit(1);
}

cudaStream_t current = cudaStreamPerThread;

template <class... Args>
static void launch(const std::string& name, dim3 grid, dim3 block, int shared, Args... args) {
  void* list[] = {&args...};
  CUDA(cudaLaunchKernel((const void*)kernel(name), grid, block, list, shared, current));
}

struct Buffer {
  char* p;
  size_t bytes;
};
static std::vector<Buffer> buffers;
template <class T>
static T* make(size_t n) {
  void* p;
  CUDA(cudaMalloc(&p, n * sizeof(T) + 16));
  buffers.push_back({(char*)p, n * sizeof(T)});
  return (T*)p;
}

static int up(long a, int b) { return (int)((a + b - 1) / b); }

struct Op {
  std::string name;
  double flop;  // an image
  std::function<void()> run;
};

template <class E>
struct Step {
  using T = typename E::Value;
  std::string t;
  int n;
  bool exact = std::is_same<E, Tf32x3>::value;
  float *x4, *w[5], *b[5], *dw[5], *db[5], *squares, *cs[5], *parts[5], *output;
  unsigned char* images;
  int* rows;
  long long *copies, *sums;
  int copyTiles, sumBlocks, copyJobs, sumJobs;
  double* loss;
  T *wf[5], *wb[5], *p1, *p2, *a3, *a4, *patches, *dy4, *dy3, *dy2, *dp1;
  unsigned char *am1, *am2;
  int ci[5] = {3, 256, 128, 128, 256}, co[5] = {256, 128, 128, 256, 3};
  int split[5], share[5];
  std::vector<Op> ops;
  size_t bytes = 0;

  Step(const std::string& t, int n) : t("_" + t), n(n) {
    for (auto& f : buffers) cudaFree(f.p);
    buffers.clear();
    x4 = make<float>(n * 4096l), images = make<unsigned char>(n * 3072l), rows = make<int>(n), loss = make<double>(1);
    copies = make<long long>(12 * 16), sums = make<long long>(12 * 16);
    for (int i = 0; i < 5; i++) {
      w[i] = make<float>(9l * ci[i] * co[i]), b[i] = make<float>(co[i]);
      dw[i] = make<float>(9l * ci[i] * co[i]), db[i] = make<float>(co[i]);
    }
    long wn[5] = {256 * 32, 9 * 256 * 128, 9 * 128 * 128, 16 * 128 * 256, 64 * 256};
    for (int i = 0; i < 5; i++) wf[i] = make<T>(wn[i]), wb[i] = make<T>(wn[i]);
    p1 = make<T>(n * 65536l), p2 = make<T>(n * 8192l), a3 = make<T>(n * 8192l), a4 = make<T>(n * 65536l);
    am1 = make<unsigned char>(n * 65536l), am2 = make<unsigned char>(n * 8192l);
    patches = make<T>(n * 16384l), dy4 = make<T>(n * 65536l), dy3 = make<T>(n * 8192l), dy2 = make<T>(n * 32768l);
    dp1 = make<T>(n * 65536l), output = make<float>(n * 3072l);
    squares = make<float>(n);
    int tile = smallTiles() ? 64 : 128;
    int height[5] = {up(n * 256l, tile), up(n * 64l, 64), up(n * 64l, 64), up(n * 256l, tile), n};
    int width[5] = {256, 128, 128, 256, 4};
    for (int i = 0; i < 5; i++) cs[i] = make<float>(1l * height[i] * width[i]);
    bool half = sizeof(T) == 2;
    auto parts_of = [&](int i, long pixels, int tiles, int slots) {
      long most = std::max(1l, std::min(pixels / 256, (long)(slots / tiles)));
      share[i] = up(up(pixels, most), 64) * 64;
      split[i] = up(pixels, share[i]);
    };
    split[0] = std::min(sizeof(T) == 2 ? 396 : 264, n * 16);
    parts_of(1, n * 256l, 18, 264), parts_of(2, n * 64l, 18, 264), parts_of(3, n * 64l, half ? 64 : 32, 264), parts_of(4, n * 256l, 2, 264);
    long pn[5] = {32 * 256, 9 * 256 * 128, 9 * 128 * 128, 16 * 128 * 256, 64 * 256};
    for (int i = 0; i < 5; i++) parts[i] = make<float>(split[i] * pn[i]);
    for (auto& f : buffers) {
      bytes += f.bytes;
      CUDA(cudaMemset(f.p, 0xFF, f.bytes));
    }
    auto rnd = [&](float* p, long len, float lo, float hi, int period = 1, int used = 1) {
      static unsigned seed = 1;
      fill<<<up(len, 256), 256, 0, cudaStreamPerThread>>>(p, len, lo, hi, seed++, period, used);
    };
    {
      std::vector<unsigned char> bytes(n * 3072l);
      std::vector<int> order(n);
      std::vector<float> x(n * 4096l);
      for (auto& v : bytes) v = rand();
      for (int i = 0; i < n; i++) order[i] = n - 1 - i;
      for (long i = 0; i < n * 4096l; i++) {
        long image = n - 1 - i / 4096, pixel = i / 4 % 1024, c = i % 4;
        x[i] = c < 3 ? bytes[image * 3072 + c * 1024 + pixel] / 255.f : 0;
      }
      CUDA(cudaMemcpy(images, bytes.data(), bytes.size(), cudaMemcpyHostToDevice));
      CUDA(cudaMemcpy(rows, order.data(), n * 4, cudaMemcpyHostToDevice));
      CUDA(cudaMemcpy(x4, x.data(), x.size() * 4, cudaMemcpyHostToDevice));
      CUDA(cudaMemset(loss, 0, 8));
    }
    std::vector<long long> list;
    int tiles = 0;
    auto copy = [&](float* w, T* out, int form, int ci, int co, int padded, int phases, int k, int columns) {
      long long job[12] = {(long long)w, (long long)out, form, 3, ci, co, padded, phases, k, columns, tiles, 0};
      list.insert(list.end(), job, job + 12);
      tiles += phases * up(k, 32) * up(columns, 32);
    };
    copy(w[0], wf[0], 0, 3, 256, 0, 1, 32, 256);
    copy(w[1], wf[1], 0, 256, 128, 0, 1, 9 * 256, 128), copy(w[1], wb[1], 1, 256, 128, 0, 1, 9 * 128, 256);
    copy(w[2], wf[2], 0, 128, 128, 0, 1, 9 * 128, 128), copy(w[2], wb[2], 1, 128, 128, 0, 1, 9 * 128, 128);
    copy(w[3], wf[3], 2, 128, 256, 256, 4, 4 * 128, 256), copy(w[3], wb[3], 3, 128, 256, 256, 1, 16 * 256, 128);
    copy(w[4], wf[4], 4, 256, 3, 4, 1, 256, 64), copy(w[4], wb[4], 3, 256, 3, 4, 1, 64, 256);
    CUDA(cudaMemcpy(copies, list.data(), list.size() * 8, cudaMemcpyHostToDevice));
    copyTiles = tiles, copyJobs = list.size() / 12;
    list.clear();
    int blocks = 0;
    auto sum = [&](const void* from, void* to, int kind, int count, long stride, int len, int ci, int co, int padded) {
      long long job[12] = {(long long)from, (long long)to, kind, count, stride, len, ci, co, padded, blocks, 0, 0};
      list.insert(list.end(), job, job + 12);
      blocks += kind == 0 ? up(len, 256) : kind == 1 ? up(len, 32) : kind == 2 ? up(ci, 32) * co : 1;
    };
    sum(parts[4], dw[4], 2, split[4], 64 * 256, 0, 256, 3, 4);
    for (int i = 0; i < 5; i++) sum(cs[i], db[i], 1, height[i], width[i], co[i], 0, 0, 0);
    sum(squares, loss, 3, 0, 3072, n, 0, 0, 0);
    sum(parts[0], dw[0], 1, split[0], 32 * 256, 27 * 256, 0, 0, 0);
    sum(parts[3], dw[3], 2, split[3], 16 * 256 * 128, 0, 128, 256, 256);
    sum(parts[1], dw[1], 0, split[1], 9 * 256 * 128, 9 * 256 * 128, 0, 0, 0);
    sum(parts[2], dw[2], 0, split[2], 9 * 128 * 128, 9 * 128 * 128, 0, 0, 0);
    CUDA(cudaMemcpy(sums, list.data(), list.size() * 8, cudaMemcpyHostToDevice));
    sumBlocks = blocks, sumJobs = list.size() / 12;
    for (int i = 0; i < 5; i++) {
      float r = sqrtf(6.0f / (9 * ci[i]));
      rnd(w[i], 9l * ci[i] * co[i], -r, r), rnd(b[i], co[i], -0.1f, 0.1f);
    }
    build();
  }

  /* fp16 needs a loss scale, or the gradients underflow. */
  float scale() const { return 2.0f / (3072.0f * n) * (std::is_same<E, Fp16>::value ? 4096 : 1); }

  void add(const std::string& name, double flop, std::function<void()> run) { ops.push_back({name, flop, run}); }

  using F = const float*;
  /* BELAY_TILE=64 times what older tiers have: tiles of 64 x 128 alone. */
  static bool smallTiles() { return getenv("BELAY_TILE") && !strcmp(getenv("BELAY_TILE"), "64"); }
  void gather(const char* epilogue, int bm, int bn, const T* x, const T* w, F bias, const T* mask, T* y, unsigned char* argmax,
              int hw, int ci, int g, int co, int k, int stride, int offset, int phases, float* columns) {
    if (smallTiles()) bm = 64;
    else if (bm == 64 && 1l * n * g * g / 64 * up(co, 128) < 200) bn = 64;  // or half the multiprocessors would idle
    std::string name = std::string("gather_gemm_") + epilogue + t + "_" + std::to_string(bm) + "x" + std::to_string(bn);
    int big = bm * bn == 128 * 128;
    launch(name, dim3(up(1l * n * g * g, bm), up(co, bn), phases), 128, big ? 98304 : 73728, x, w, bias, mask, y,
           argmax, n, hw, hw, ci, g, g, co, k, k, stride, offset, offset, phases == 4 ? 1 : 0, phases == 4 ? 2 : 1, columns);
  }
  void gradient(int bm, const T* x, const T* d, float* sums, int hw, int ci, int g, int co, int k, int stride, int offset, int i) {
    if (smallTiles()) bm = 64;
    std::string name = "gather_weight_gradient" + t + "_" + std::to_string(bm) + "x128";
    launch(name, dim3(up(k * k * ci, bm), up(co, 128), split[i]), 128, bm == 128 ? 98304 : 73728, x, d, sums,
           (float*)nullptr, n, hw, hw, ci, g, g, co, k, k, stride, offset, offset, share[i]);
  }

  void build() {
    T* none = nullptr;
    unsigned char* no = nullptr;
    float* zero = nullptr;
    add("prepare", 0, [=] { launch("prepare_copies" + t, dim3(copyTiles), 256, 0, copies, copyJobs); });
    add("conv1 fwd", 2 * 7.08e6, [=] {
      launch("image_conv_relu_pool_forward" + t, dim3(std::min(132 * 4, n * 16)), 128, sizeof(T) == 2 ? 37120 : 65792, p1, am1, images, rows, wf[0], b[0], n, 32, 32, 3, 256);
    });
    add("conv2 fwd", 2 * 75.5e6, [=] { gather("pool", 128, 128, p1, wf[1], b[1], none, p2, am2, 16, 256, 16, 128, 3, 1, -1, 1, zero); });
    add("conv3 fwd", 2 * 9.44e6, [=] { gather("relu", 64, 128, p2, wf[2], b[2], none, a3, no, 8, 128, 8, 128, 3, 1, -1, 1, zero); });
    add("dec2 fwd", 2 * 33.55e6, [=] { gather("relu", 128, 128, a3, wf[3], b[3], none, a4, no, 8, 128, 8, 256, 2, 1, -1, 4, zero); });
    add("dec3 fwd+loss", 2 * 3.15e6, [=] {
      launch("upsample_conv_loss" + t, dim3(n), 256, 88128, patches, squares, cs[4], output, a4, wf[4], b[4], images, rows, scale(), 16,
             16, 256, 3);
    });
    add("dec3 dgrad", 2 * 3.15e6, [=] { gather("mask", 128, 128, patches, wb[4], zero, a4, dy4, no, 16, 64, 16, 256, 1, 1, 0, 1, cs[3]); });
    add("dec3 wgrad", 2 * 3.15e6, [=] { gradient(64, patches, a4, parts[4], 16, 64, 16, 256, 1, 1, 0, 4); });
    add("dec2 dgrad", 2 * 33.55e6, [=] { gather("mask", 64, 128, dy4, wb[3], zero, a3, dy3, no, 16, 256, 8, 128, 4, 2, -1, 1, cs[2]); });
    add("dec2 wgrad", 2 * 33.55e6, [=] { gradient(sizeof(T) == 2 ? 64 : 128, dy4, a3, parts[3], 16, 256, 8, 128, 4, 2, -1, 3); });
    add("conv3 dgrad", 2 * 9.44e6, [=] { gather("unpool", 64, 128, dy3, wb[2], zero, p2, dy2, am2, 8, 128, 8, 128, 3, 1, -1, 1, cs[1]); });
    add("conv3 wgrad", 2 * 9.44e6, [=] { gradient(64, p2, dy3, parts[2], 8, 128, 8, 128, 3, 1, -1, 2); });
    add("conv2 dgrad", 2 * 75.5e6, [=] { gather("mask", 128, 128, dy2, wb[1], zero, p1, dp1, no, 16, 128, 16, 256, 3, 1, -1, 1, cs[0]); });
    add("conv2 wgrad", 2 * 75.5e6, [=] { gradient(128, p1, dy2, parts[1], 16, 256, 16, 128, 3, 1, -1, 1); });
    add("conv1 wgrad", 2 * 7.08e6, [=] {
      launch("image_conv_weight_gradient" + t, dim3(split[0]), 128, sizeof(T) == 2 ? 43008 : 75776, parts[0], images, rows, dp1, am1, n, 32, 32, 3, 256);
    });
    add("sums", 0, [=] { launch("add_parts", dim3(sumBlocks), 256, 0, sums, sumJobs, 1.0f); });
  }

  // ---- checks
  std::vector<float*> temporaries;
  float* temporary(long len) {
    float* p;
    CUDA(cudaMalloc(&p, len * 4));
    temporaries.push_back(p);
    return p;
  }
  float* floats(const T* p, long len) {
    float* out = temporary(len);
    to_float<E><<<up(len, 256), 256, 0, cudaStreamPerThread>>>(out, p, len);
    return out;
  }
  bool good = true;
  void compare(const char* what, const float* out, const float* ref, long len, double tolerance) {
    std::vector<float> a(len), r(len);
    CUDA(cudaStreamSynchronize(cudaStreamPerThread));
    CUDA(cudaMemcpy(a.data(), out, len * 4, cudaMemcpyDeviceToHost));
    CUDA(cudaMemcpy(r.data(), ref, len * 4, cudaMemcpyDeviceToHost));
    double diff = 0, norm = 0;
    for (long i = 0; i < len; i++) diff += (double)(a[i] - r[i]) * (a[i] - r[i]), norm += (double)r[i] * r[i];
    double error = sqrt(diff / norm);
    bool ok = error <= tolerance;
    good = good && ok;
    printf("  %-22s %.2e %s\n", what, error, ok ? "" : "WRONG");
    for (auto p : temporaries) cudaFree(p);
    temporaries.clear();
  }

  void check() {
    double tol = exact ? 3e-6 : sizeof(T) == 4 ? 1e-3 : std::is_same<E, Fp16>::value ? 2e-3 : 8e-3;
    auto s = cudaStreamPerThread;
    for (auto& op : ops) {
      op.run();
      cudaError_t e = cudaStreamSynchronize(s);
      if (e != cudaSuccess) printf("%s: %s\n", op.name.c_str(), cudaGetErrorString(e)), exit(1);
    }
    auto forward = [&](const float* x, int l, int hw, int xs, bool up_, bool relu) {
      long len = 1l * n * hw * hw * co[l];
      float* y = temporary(len);
      ref_forward<<<up(len, 256), 256, 0, s>>>(y, x, w[l], b[l], n, hw, hw, ci[l], xs, co[l], up_, relu);
      return y;
    };
    auto pool = [&](float* y, const unsigned char* am, int hw, int c, const T* p, const char* what) {
      long len = 1l * n * hw * hw / 4 * c;
      float *pooled = temporary(len), *picked = temporary(len);
      ref_pool<<<up(len, 256), 256, 0, s>>>(pooled, picked, y, am, n, hw, hw, c);
      auto keep = temporaries;
      temporaries.clear();
      compare((std::string(what) + " argmax").c_str(), picked, pooled, len, tol);
      temporaries = keep;
      compare(what, floats(p, len), pooled, len, tol);
    };
    pool(forward(x4, 0, 32, 4, false, true), am1, 32, 256, p1, "conv1 fwd");
    pool(forward(floats(p1, n * 65536l), 1, 16, 256, false, true), am2, 16, 128, p2, "conv2 fwd");
    { float* y = forward(floats(p2, n * 8192l), 2, 8, 128, false, true); compare("conv3 fwd", floats(a3, n * 8192l), y, n * 8192l, tol); }
    { float* y = forward(floats(a3, n * 8192l), 3, 16, 128, true, true); compare("dec2 fwd", floats(a4, n * 65536l), y, n * 65536l, tol); }
    { float* y = forward(floats(a4, n * 65536l), 4, 32, 256, true, false); compare("dec3 output", output, y, n * 3072l, tol); }
    {
      float *dy = temporary(n * 3072l), *got = temporary(n * 3072l);
      ref_loss<<<up(n * 3072l, 256), 256, 0, s>>>(dy, output, x4, n * 1024l, 3, scale());
      ref_unfold<<<up(n * 3072l, 256), 256, 0, s>>>(got, floats(patches, n * 16384l), n, 16, 16, 3);
      compare("dec3 loss gradient", got, dy, n * 3072l, tol);
    }
    {
      std::vector<float> q(n), out(n * 3072l), x(n * 4096l);
      CUDA(cudaMemcpy(q.data(), squares, q.size() * 4, cudaMemcpyDeviceToHost));
      CUDA(cudaMemcpy(out.data(), output, out.size() * 4, cudaMemcpyDeviceToHost));
      CUDA(cudaMemcpy(x.data(), x4, x.size() * 4, cudaMemcpyDeviceToHost));
      double sum = 0, ref = 0;
      for (float v : q) sum += v;
      for (long i = 0; i < n * 3072l; i++) { double d = out[i] - x[i / 3 * 4 + i % 3]; ref += d * d; }
      double kept;
      CUDA(cudaMemcpy(&kept, loss, 8, cudaMemcpyDeviceToHost));
      bool ok = fabs(sum / ref - 1) < 1e-6 && fabs(kept / (ref / 3072) - 1) < 1e-6;
      good = good && ok;
      printf("  %-22s %.2e %s\n", "loss", fabs(sum / ref - 1), ok ? "" : "WRONG");
    }
    auto unfolded = [&] {
      float* dy = temporary(n * 3072l);
      ref_unfold<<<up(n * 3072l, 256), 256, 0, s>>>(dy, floats(patches, n * 16384l), n, 16, 16, 3);
      return dy;
    };
    auto dgrad = [&](const float* dy, int l, int hw, bool up_, const T* activation) {
      long len = 1l * n * hw * hw * ci[l];
      float* dx = temporary(len);
      ref_input_gradient<<<up(len, 256), 256, 0, s>>>(dx, dy, w[l], n, hw, hw, ci[l], co[l], up_);
      ref_mask<<<up(len, 256), 256, 0, s>>>(dx, floats(activation, len), len);
      return dx;
    };
    { float* r = dgrad(unfolded(), 4, 16, true, a4); compare("dec3 dgrad", floats(dy4, n * 65536l), r, n * 65536l, tol); }
    { float* r = dgrad(floats(dy4, n * 65536l), 3, 8, true, a3); compare("dec2 dgrad", floats(dy3, n * 8192l), r, n * 8192l, tol); }
    {
      float *r = dgrad(floats(dy3, n * 8192l), 2, 8, false, p2), *wide_ = temporary(n * 32768l);
      ref_unpool<<<up(n * 8192l, 256), 256, 0, s>>>(wide_, r, am2, n, 8, 8, 128);
      compare("conv3 dgrad", floats(dy2, n * 32768l), wide_, n * 32768l, tol);
    }
    { float* r = dgrad(floats(dy2, n * 32768l), 1, 16, false, p1); compare("conv2 dgrad", floats(dp1, n * 65536l), r, n * 65536l, tol); }
    auto wgrad = [&](const char* what, const float* x, const float* dy, int l, int hw, int xs, bool up_) {
      long len = 9l * ci[l] * co[l];
      float *r = temporary(len), *rb = temporary(co[l]);
      ref_weight_gradient<<<dim3(up(co[l], 32), ci[l], 9), dim3(32, 8), 0, s>>>(r, x, dy, n, hw, hw, ci[l], xs, co[l], up_);
      ref_column_sum<<<co[l], 256, 0, s>>>(rb, dy, 1l * n * hw * hw, co[l]);
      auto keep = temporaries;
      temporaries.clear();
      compare((std::string(what) + " wgrad").c_str(), dw[l], r, len, exact ? 1e-5 : tol);
      temporaries = keep;
      compare((std::string(what) + " bias").c_str(), db[l], rb, co[l], exact ? 1e-5 : tol);
    };
    wgrad("dec3", floats(a4, n * 65536l), unfolded(), 4, 32, 256, true);
    wgrad("dec2", floats(a3, n * 8192l), floats(dy4, n * 65536l), 3, 16, 128, true);
    wgrad("conv3", floats(p2, n * 8192l), floats(dy3, n * 8192l), 2, 8, 128, false);
    wgrad("conv2", floats(p1, n * 65536l), floats(dy2, n * 32768l), 1, 16, 256, false);
    {
      float *dp = floats(dp1, n * 65536l), *dy1 = temporary(n * 262144l);
      ref_unpool<<<up(n * 65536l, 256), 256, 0, s>>>(dy1, dp, am1, n, 16, 16, 256);
      wgrad("conv1", x4, dy1, 0, 32, 4, false);
    }
    // The same bits from the same inputs.
    CUDA(cudaDeviceSynchronize());
    std::vector<std::vector<char>> bits;
    for (auto& f : buffers) {
      bits.emplace_back(f.bytes);
      CUDA(cudaMemcpy(bits.back().data(), f.p, f.bytes, cudaMemcpyDeviceToHost));
    }
    CUDA(cudaMemset(loss, 0, 8));
    for (auto& op : ops) op.run();
    CUDA(cudaDeviceSynchronize());
    bool same = true;
    for (size_t i = 0; i < buffers.size(); i++) {
      std::vector<char> again(buffers[i].bytes);
      CUDA(cudaMemcpy(again.data(), buffers[i].p, again.size(), cudaMemcpyDeviceToHost));
      same = same && !memcmp(again.data(), bits[i].data(), again.size());
    }
    printf("  bits of a second run: %s\n%s%s n=%d\n", same ? "equal" : "DIFFERENT", good && same ? "ALL RIGHT" : "FAILED", t.c_str(), n);
  }

  // ---- times
  static float median(std::vector<float> v) {
    std::sort(v.begin(), v.end());
    return v[v.size() / 2];
  }
  /* Weight gradients depend on nothing but their inputs: on a branch of their own they fill the tails of the others. */
  void fork_run(int first, int last, cudaStream_t side, cudaEvent_t fork, cudaEvent_t join) {
    bool forked = false;
    for (int i = first; i <= last; i++) {
      bool gradient = ops[i].name.find("wgrad") != std::string::npos;
      if (gradient) {
        CUDA(cudaEventRecord(fork, cudaStreamPerThread));
        CUDA(cudaStreamWaitEvent(side, fork, 0));
        current = side;
        ops[i].run();
        current = cudaStreamPerThread;
        forked = true;
        continue;
      }
      if (ops[i].name == "sums" && forked) {
        CUDA(cudaEventRecord(join, side));
        CUDA(cudaStreamWaitEvent(cudaStreamPerThread, join, 0));
      }
      ops[i].run();
    }
  }
  float graph_time(int first, int last, int repeat, bool fork = false) {
    cudaStream_t side;
    cudaEvent_t forked, joined;
    CUDA(cudaStreamCreateWithFlags(&side, cudaStreamNonBlocking));
    CUDA(cudaEventCreateWithFlags(&forked, cudaEventDisableTiming));
    CUDA(cudaEventCreateWithFlags(&joined, cudaEventDisableTiming));
    cudaGraph_t graph;
    cudaGraphExec_t exec;
    auto s = cudaStreamPerThread;
    CUDA(cudaStreamBeginCapture(s, cudaStreamCaptureModeThreadLocal));
    for (int k = 0; k < repeat; k++) {
      if (fork) fork_run(first, last, side, forked, joined);
      else
        for (int i = first; i <= last; i++) ops[i].run();
    }
    CUDA(cudaStreamEndCapture(s, &graph));
    CUDA(cudaGraphInstantiate(&exec, graph, 0));
    cudaEvent_t a, z;
    cudaEventCreate(&a), cudaEventCreate(&z);
    std::vector<float> times;
    for (int i = 0; i < 9; i++) {
      cudaEventRecord(a, s);
      CUDA(cudaGraphLaunch(exec, s));
      cudaEventRecord(z, s);
      CUDA(cudaStreamSynchronize(s));
      float ms;
      cudaEventElapsedTime(&ms, a, z);
      if (i >= 2) times.push_back(ms / repeat);
    }
    cudaGraphExecDestroy(exec), cudaGraphDestroy(graph);
    return median(times);
  }
  void time() {
    auto s = cudaStreamPerThread;
    int rounds = 12;
    std::vector<cudaEvent_t> events(ops.size() + 1);
    for (auto& e : events) cudaEventCreate(&e);
    std::vector<std::vector<float>> times(ops.size());
    for (int r = 0; r < rounds; r++) {
      for (size_t i = 0; i < ops.size(); i++) {
        cudaEventRecord(events[i], s);
        ops[i].run();
      }
      cudaEventRecord(events.back(), s);
      CUDA(cudaStreamSynchronize(s));
      for (size_t i = 0; i < ops.size() && r > 1; i++) {
        float ms;
        cudaEventElapsedTime(&ms, events[i], events[i + 1]);
        times[i].push_back(ms);
      }
    }
    float step = graph_time(0, ops.size() - 1, 10), encode = graph_time(1, 2, 10), fork = graph_time(0, ops.size() - 1, 10, true);
    printf("%s n=%d  step %.3f ms = %.0f img/s, two branches %.0f img/s   encoder %.3f ms = %.0f img/s   memory %.0f MB\n", t.c_str() + 1, n, step,
           n / step * 1e3, n / fork * 1e3, encode, n / encode * 1e3, bytes / 1e6);
    for (size_t i = 0; i < ops.size(); i++)
      printf("  %-14s %7.1f us  %6.1f TFLOP/s\n", ops[i].name.c_str(), median(times[i]) * 1e3, ops[i].flop * n / median(times[i]) / 1e9);
  }
};

template <class E>
static void run(const char* type, int n, bool check) {
  Step<E> step(type, n);
  if (check) printf("%s n=%d\n", type, n), step.check();
  else step.time();
  fflush(stdout);
}

int main(int argc, char** argv) {
  bool check = !strcmp(argv[2], "check");
  int dash = 3;
  while (dash < argc && strcmp(argv[dash], "--")) dash++;
  load(argv[1], std::vector<std::string>(argv + 3, argv + dash));
  for (int i = 3; i < dash; i++)
    for (int j = dash + 1; j < argc; j++) {
      std::string t = argv[i];
      int n = atoi(argv[j]);
      if (t == "tf32x3") run<Tf32x3>("tf32x3", n, check);
      if (t == "tf32") run<Tf32>("tf32", n, check);
      if (t == "bf16") run<Bf16>("bf16", n, check);
      if (t == "fp16") run<Fp16>("fp16", n, check);
    }
}
