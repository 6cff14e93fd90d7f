/* Checks and times the kernels of the support vector machine: kernel values against double, then all problems of a classifier.
 *
 * usage   svm FOLDER-OF-FATBINS [samples a class] [features] [classes] [C]
 * data    a sample is a random mixture of 64 directions of falling strength, moved a little by its class, and noise
 * prints  largest error of kernel values, TFLOP/s of each format, microseconds an iteration of each solver
 * build   nvcc -std=c++17 -O2 -arch=sm_90 svm.cu -o svm      FOLDER: build.sh's NAME.TIER.fatbin renamed NAME.fatbin
 */
#include "launch.cuh"

struct ValueBlock {
  const float *left, *right, *leftNorms, *rightNorms;
  float *out, *mirror;
  int rows, columns, pitch, mirrorPitch, firstTile, triangle;
};
struct Problem {
  const float* values[2][2];
  const float* diagonal[2];
  const unsigned char* out[2];
  double *f, *b;
  unsigned char* rooms;
  double bound[2];
  int count[2], pitch[2];
};
struct State {
  double most, least;
  long long iterations;
  int first, done;
};

__device__ float uniform(unsigned long long at) {
  at = (at + 0x9E3779B97F4A7C15ull) * 0xBF58476D1CE4E5B9ull;
  at = (at ^ at >> 27) * 0x94D049BB133111EBull;
  return ((at ^ at >> 31) >> 40) * 0x1p-24f;
}
__device__ float normal(unsigned long long at) {
  return sqrtf(-2 * logf(uniform(2 * at) + 1e-8f)) * cospif(2 * uniform(2 * at + 1));
}
__global__ void fill(float* x, int each, int d, bool rounded) {
  int i = blockIdx.x, c = i / each;
  __shared__ float z[64];
  if (threadIdx.x < 64)
    z[threadIdx.x] = (normal(1000ull * i + threadIdx.x) + 0.7f * normal(777000000ull + 64 * c + threadIdx.x)) *
                     2 / sqrtf(1 + threadIdx.x);
  __syncthreads();
  for (int k = threadIdx.x; k < d; k += blockDim.x) {
    float v = 0.5f * normal(5000000000ull + 1ull * i * d + k);
    for (int q = 0; q < 64; q++) v += z[q] * 0.35f * (uniform(900000000000ull + 64ull * k + q) - 0.5f) * 3.4f;
    if (rounded) v = __uint_as_float((__float_as_uint(v) + 0x1000u) & ~0x1FFFu);
    x[1l * i * d + k] = v;
  }
}
__global__ void exact(const float* x, int d, float gamma, const int2* at, double* out) {
  const float *a = x + 1l * at[blockIdx.x].x * d, *b = x + 1l * at[blockIdx.x].y * d;
  double sum = 0;
  for (int k = threadIdx.x; k < d; k += 32) sum += ((double)a[k] - b[k]) * ((double)a[k] - b[k]);
  for (int l = 16; l; l /= 2) sum += __shfl_xor_sync(~0u, sum, l);
  if (threadIdx.x == 0) out[blockIdx.x] = exp(-(double)gamma * sum);
}

template <class T>
static T* copy(const std::vector<T>& v) {
  T* p;
  CUDA(cudaMalloc(&p, v.size() * sizeof(T)));
  CUDA(cudaMemcpy(p, v.data(), v.size() * sizeof(T), cudaMemcpyHostToDevice));
  return p;
}
template <class Work>
static float timed(int repeat, Work work) {
  std::vector<float> times;
  cudaEvent_t a, z;
  cudaEventCreate(&a), cudaEventCreate(&z);
  for (int i = 0; i < repeat; i++) {
    cudaEventRecord(a, current), work(), cudaEventRecord(z, current);
    CUDA(cudaEventSynchronize(z));
    float ms;
    cudaEventElapsedTime(&ms, a, z);
    times.push_back(ms);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

int main(int argc, char** argv) {
  int each = argc > 2 ? atoi(argv[2]) : 5000, d = argc > 3 ? atoi(argv[3]) : 8192, k = argc > 4 ? atoi(argv[4]) : 10;
  double c = argc > 5 ? atof(argv[5]) : 10;
  for (std::string file : {"svm_values_f32", "svm_values_tf32", "svm_values_tf32x3", "svm_solve"}) {
    cudaLibrary_t library;
    CUDA(cudaLibraryLoadFromFile(&library, (std::string(argv[1]) + "/" + file + ".fatbin").c_str(), 0, 0, 0, 0, 0, 0));
    libraries.push_back(library);
  }
  int n = k * each, pitch = (each + 31) / 32 * 32, side = (each + 127) / 128;
  float *x = make<float>(1l * n * d), *norms = make<float>(n), gamma = 0.25f / d;
  std::vector<float*> block(k * k);
  for (auto& b : block) b = make<float>(1l * each * pitch);
  std::vector<ValueBlock> table;
  int tiles = 0;
  for (int a = 0; a < k; a++)
    for (int b = a; b < k; b++) {
      table.push_back({x + 1l * a * each * d, x + 1l * b * each * d, norms + a * each, norms + b * each, block[a * k + b],
                       block[b * k + a], each, each, pitch, pitch, tiles, a == b});
      tiles += a == b ? side * (side + 1) / 2 : side * side;
    }
  auto* blocks = copy(table);
  std::vector<int2> places;
  for (int i = 0; i < 4096; i++) places.push_back({(int)(i * 7919l % n), (int)(i * 104729l % n)});
  int2* at = copy(places);
  double* reference = make<double>(places.size());

  for (std::string type : {"f32", "tf32x3", "tf32"}) {
    bool tensor = type != "f32";
    int threads = tensor ? 128 : 256, shared = tensor ? 98304 : 0;
    fill<<<n, 256, 0, current>>>(x, each, d, type == "tf32");
    for (auto b : block) CUDA(cudaMemset(b, 255, 4l * each * pitch));
    auto norm = [&] { launch("svm_norms_" + type, up(n, 128), threads, shared, (const float*)x, n, d, norms); };
    auto values = [&] { launch("svm_values_" + type, tiles, threads, shared, (const ValueBlock*)blocks, (int)table.size(), 0, d, gamma); };
    norm(), values();
    float tn = timed(3, norm), tv = timed(type == "f32" ? 1 : 3, values);
    exact<<<(int)places.size(), 32, 0, current>>>(x, d, gamma, at, reference);
    std::vector<double> ref(places.size());
    CUDA(cudaStreamSynchronize(current));
    CUDA(cudaMemcpy(ref.data(), reference, 8 * ref.size(), cudaMemcpyDeviceToHost));
    double worst = 0, mean = 0, bias = 0;
    for (size_t i = 0; i < ref.size(); i++) {
      int r = places[i].x, s = places[i].y;
      float v;
      CUDA(cudaMemcpy(&v, block[r / each * k + s / each] + 1l * (r % each) * pitch + s % each, 4, cudaMemcpyDeviceToHost));
      worst = std::max(worst, fabs(v - ref[i])), mean += ref[i] / ref.size(), bias += (v - ref[i]) / ref.size();
      if (r == s && v != 1) printf("kernel(i, i) = %.9g\n", v);
    }
    printf("%-7s norms %.2f ms, values %.1f ms, %.1f TFLOP/s; error <= %.1e (bias %.1e), mean value %.3f\n", type.c_str(), tn, tv,
           1.0 * tiles * 128 * 128 * d * 2 / tv / 1e9, worst, bias, mean);
  }

  int size = 2 * pitch;
  std::vector<Problem> list;
  std::vector<State> fresh;
  for (int a = 0; a < k; a++)
    for (int b = a + 1; b < k; b++) {
      list.push_back({{{block[a * k + a], block[a * k + b]}, {block[b * k + a], block[b * k + b]}},
                      {norms + a * each, norms + b * each}, {}, make<double>(size), make<double>(size),
                      make<unsigned char>(size), {c, c}, {each, each}, {pitch, pitch}});
      fresh.push_back({0, 0, 0, -1, 0});
    }
  Problem* problems = copy(list);
  State* states = copy(fresh);
  std::vector<double> before;
  for (std::string name : {"rbf_10240", "rbf_10240", "rbf_more"})
    for (int slice : {1 << 30, 1000}) {
      if (name == "rbf_10240" && size > 10240) continue;
      CUDA(cudaMemcpy(states, fresh.data(), sizeof(State) * fresh.size(), cudaMemcpyHostToDevice));
      std::vector<State> now = fresh;
      int launches = 0;
      float ms = timed(1, [&] {
        bool busy = true;
        while (busy) {
          launch("svm_solve_" + name, (int)list.size(), 512, 0, (const Problem*)problems, states, 1e-3, slice, 10000000ll);
          launches++;
          CUDA(cudaStreamSynchronize(current));
          CUDA(cudaMemcpy(now.data(), states, sizeof(State) * now.size(), cudaMemcpyDeviceToHost));
          busy = false;
          for (auto& s : now) busy = busy || !s.done;
        }
      });
      long long most = 0, all = 0;
      for (auto& s : now) most = std::max(most, s.iterations), all += s.iterations;
      std::vector<double> b(size), every;
      for (auto& p : list) {
        CUDA(cudaMemcpy(b.data(), p.b, 8 * size, cudaMemcpyDeviceToHost));
        every.insert(every.end(), b.begin(), b.end());
      }
      long vectors = 0;
      for (double v : every) vectors += v != 0;
      printf("solve %-10s slice %-10d %.1f ms in %d launches: %lld iterations, longest %lld, %.2f us each; %.1f %% support vectors%s\n",
             name.c_str(), slice, ms, launches, all, most, ms * 1e3 / most, 100.0 * vectors / (2.0 * each * list.size()),
             before.empty() ? "" : before == every ? ", same bits" : ", OTHER BITS");
      before = every;
    }
}
