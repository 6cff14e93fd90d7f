/* Checks every tensor kernel against plain references in double and times a whole training step.
 *
 * usage   step FOLDER-OF-CUBINS check|time TYPE... -- BATCH...
 * check   fresh random inputs, outputs poisoned with NaN, each kernel's result against the reference computed from the very
 *         tensors it read: |out - ref| / |ref|; the whole step twice, bits compared
 * time    medians of CUDA events by operation, then the step and the encoder as replayed graphs
 * build   nvcc -std=c++17 -O2 -arch=sm_90 step.cu -o step
 */
#include "check.cuh"

template <class E>
struct Timing : Step<E> {
  using S = Step<E>;
  using S::bytes, S::n, S::ops, S::t;
  using S::Step;
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
  if (check) printf("%s n=%d\n", type, n), Check<E>(type, n).check();
  else Timing<E>(type, n).time();
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
