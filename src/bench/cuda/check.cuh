/* Compares every tensor of a step with plain references in double, computed from the very tensors that the kernel read. */
#pragma once
#include "step.cuh"

template <class E>
struct Check : Step<E> {
  using S = Step<E>;
  using T = typename S::T;
  using S::a3, S::a4, S::am1, S::am2, S::b, S::ci, S::co, S::db, S::dp1, S::dw, S::dy2, S::dy3, S::dy4, S::exact, S::loss, S::n;
  using S::ops, S::output, S::p1, S::p2, S::patches, S::scale, S::squares, S::t, S::w, S::x4;
  using S::Step;
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
};
