/* A training step of conf/net/autoencoder.net on random data: its tensors, and its operations as launches. */
#pragma once
#include <climits>
#include <numeric>
#include "launch.cuh"
#include "reference.cuh"

/* How belay.backend.cuda.kernels.Parts cuts a sum. */
struct Parts {
  int terms = 1, share = 1, shard = 1;
  int both() const { return (int)std::min(1l * share / std::gcd(share, shard) * shard, (long)INT_MAX); }
  int blocks() const { return (terms - 1) / share + 1; }
  int count() const { return (terms - 1) / share + (terms - 1) / shard - (terms - 1) / both() + 1; }
};

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
  static constexpr int SHARDS = 8;
  Parts cuts[5];
  int split[5];
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
    int height[5] = {up(n * 256l, 64), up(n * 64l, 64), up(n * 64l, 64), up(n * 256l, 64), n};
    int width[5] = {256, 128, 128, 256, 4};
    for (int i = 0; i < 5; i++) cs[i] = make<float>(1l * height[i] * width[i]);
    auto parts_of = [&](int i, int each, int least, int unit, int blocks) {
      int terms = n * each, most = std::max(1, std::min(terms / least, blocks));
      cuts[i] = {terms, up(up(terms, most), unit) * unit, up(n, SHARDS) * each};
      split[i] = cuts[i].count();
    };
    parts_of(0, 16, 1, 1, sizeof(T) == 2 ? 396 : 264);
    parts_of(1, 256, 256, 64, 264 / 18), parts_of(2, 64, 256, 64, 264 / 9), parts_of(3, 64, 256, 64, 264 / 32);
    parts_of(4, 256, 256, 64, 264 / 2);
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
    const T* absent = nullptr;
    launch(name, dim3(up(1l * n * g * g, bm), up(co, bn), phases), 128, big ? 98304 : 73728, x, w, bias, mask, absent,
           y, argmax, n, hw, hw, ci, g, g, co, k, k, stride, offset, offset, phases == 4 ? 1 : 0, phases == 4 ? 2 : 1, 0, columns, absent, F(nullptr));
  }
  void gradient(int bm, const T* x, const T* d, float* sums, int hw, int ci, int g, int co, int k, int stride, int offset, int i) {
    if (smallTiles()) bm = 64;
    std::string name = "gather_weight_gradient" + t + "_" + std::to_string(bm) + "x128";
    launch(name, dim3(up(k * k * ci, bm), up(co, 128), cuts[i].blocks()), 128, bm == 128 ? 98304 : 73728, x, d, sums,
           (float*)nullptr, n, hw, hw, ci, g, g, co, k, k, stride, offset, offset, cuts[i].share, cuts[i].shard,
           cuts[i].both(), 0);
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
    add("dec2 wgrad", 2 * 33.55e6, [=] { gradient(128, dy4, a3, parts[3], 16, 256, 8, 128, 4, 2, -1, 3); });
    add("conv3 dgrad", 2 * 9.44e6, [=] { gather("unpool", 64, 128, dy3, wb[2], zero, p2, dy2, am2, 8, 128, 8, 128, 3, 1, -1, 1, cs[1]); });
    add("conv3 wgrad", 2 * 9.44e6, [=] { gradient(128, p2, dy3, parts[2], 8, 128, 8, 128, 3, 1, -1, 2); });
    add("conv2 dgrad", 2 * 75.5e6, [=] { gather("mask", 128, 128, dy2, wb[1], zero, p1, dp1, no, 16, 128, 16, 256, 3, 1, -1, 1, cs[0]); });
    add("conv2 wgrad", 2 * 75.5e6, [=] { gradient(128, p1, dy2, parts[1], 16, 256, 16, 128, 3, 1, -1, 1); });
    add("conv1 wgrad", 2 * 7.08e6, [=] {
      launch("image_conv_weight_gradient" + t, dim3(cuts[0].blocks()), 128, sizeof(T) == 2 ? 43008 : 75776, parts[0], images, rows, dp1, am1, n,
             32, 32, 3, 256, cuts[0].share, cuts[0].shard, cuts[0].both(), 0);
    });
    add("sums", 0, [=] { launch("add_parts", dim3(sumBlocks), 256, 0, sums, sumJobs, 1.0f); });
  }
};
