package belay.backend.cuda.svm;

import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.KernelRows;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.CudaError;
import belay.backend.cuda.driver.Gpu;
import jcuda.Pointer;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** Blocks of a kernel matrix, with the samples on the device. */
public final class CudaKernelRows implements KernelRows {
  private static final String REMEDY = "Free the GPU of other processes, or choose --backend cpu";

  private final Gpu gpu;
  private final int columns;
  private final float gamma; // negative for the linear kernel
  private final Arena samples = new Arena();
  private final Arena.Slice left;
  private final Arena.Slice right;
  private final CUstream stream;
  private Arena results = new Arena();
  private Arena.Slice block;

  public CudaKernelRows(Gpu gpu, FloatMatrix left, FloatMatrix right, KernelFunction kernel) {
    this.gpu = gpu;
    this.columns = left.columns();
    this.gamma = kernel instanceof KernelFunction.Rbf rbf ? (float) rbf.gamma() : -1;
    this.left = samples.reserve(4L * left.values().length);
    this.right = right == left ? this.left : samples.reserve(4L * right.values().length);
    samples.allocate(gpu.device(), "the samples", REMEDY);
    this.left.upload(Pointer.to(left.values()), 4L * left.values().length);
    if (right != left) {
      this.right.upload(Pointer.to(right.values()), 4L * right.values().length);
    }
    CudaError.check(JCudaDriver.cuCtxSynchronize(), "copy to the GPU");
    this.stream = gpu.stream();
  }

  @Override
  public void block(int firstLeft, int leftCount, int firstRight, int rightCount, float[] out) {
    gpu.device().makeCurrent();
    long bytes = 4L * leftCount * rightCount;
    reserve(bytes);
    Address a = left.at((long) firstLeft * columns);
    Address b = right.at((long) firstRight * columns);
    gpu.run(
        stream,
        gamma < 0
            ? KernelBlockKernels.linear(a, leftCount, b, rightCount, columns, block)
            : KernelBlockKernels.rbf(a, leftCount, b, rightCount, columns, gamma, block));
    CudaError.check(JCudaDriver.cuStreamSynchronize(stream), "compute");
    block.download(Pointer.to(out), bytes);
  }

  private void reserve(long bytes) {
    if (block == null || block.bytes() < bytes) {
      results.close();
      results = new Arena();
      block = results.reserve(bytes);
      results.allocate(gpu.device(), "a block of the kernel matrix", REMEDY);
    }
  }

  @Override
  public void close() {
    gpu.device().makeCurrent();
    JCudaDriver.cuStreamDestroy(stream);
    results.close();
    samples.close();
  }
}
