package belay.backend;

import java.util.Arrays;

/**
 * Samples of a support vector machine, sorted by class: places [0, n0) are class 0, [n0, n0 + n1)
 * class 1, and so on.
 *
 * @param classSizes samples of each class, each at least 1 [k]
 * @param columns features of a sample
 * @param precision of the products in kernel values: {@link Precision#FP32}, or {@link
 *     Precision#TF32}, which rounds the samples once (support vectors, too) and sums as fp32
 * @param memoryBytes what all of it may occupy on the device; 0 for what is free
 */
public record SvmLayout(int[] classSizes, int columns, Precision precision, long memoryBytes) {
  public SvmLayout {
    if (classSizes.length < 1 || Arrays.stream(classSizes).anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException("Class sizes " + Arrays.toString(classSizes));
    }
    if (precision != Precision.FP32 && precision != Precision.TF32) {
      throw new IllegalArgumentException("Kernel values in " + precision);
    }
  }

  public int classes() {
    return classSizes.length;
  }

  public int samples() {
    return Arrays.stream(classSizes).sum();
  }

  /** Place of the first sample of a class; of class k: the number of samples. */
  public int start(int index) {
    return Arrays.stream(classSizes, 0, index).sum();
  }
}
