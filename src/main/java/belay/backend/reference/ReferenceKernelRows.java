package belay.backend.reference;

import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.KernelRows;

/** Kernel blocks by plain dot products. */
final class ReferenceKernelRows implements KernelRows {
  private final FloatMatrix left;
  private final FloatMatrix right;
  private final KernelFunction kernel;

  ReferenceKernelRows(FloatMatrix left, FloatMatrix right, KernelFunction kernel) {
    this.left = left;
    this.right = right;
    this.kernel = kernel;
  }

  @Override
  public void block(int firstLeft, int leftCount, int firstRight, int rightCount, float[] out) {
    for (int i = 0; i < leftCount; i++) {
      for (int j = 0; j < rightCount; j++) {
        out[i * rightCount + j] = value(firstLeft + i, firstRight + j);
      }
    }
  }

  private float value(int i, int j) {
    double sum = 0;
    for (int c = 0; c < left.columns(); c++) {
      double difference = (double) left.at(i, c) - right.at(j, c);
      sum +=
          kernel instanceof KernelFunction.Rbf
              ? difference * difference
              : (double) left.at(i, c) * right.at(j, c);
    }
    return (float) (kernel instanceof KernelFunction.Rbf rbf ? Math.exp(-rbf.gamma() * sum) : sum);
  }

  @Override
  public void close() {}
}
