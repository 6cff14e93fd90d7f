/* Loading kernels from a folder of images, launching them by name, device memory that is poisoned, medians. */
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <vector>

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
