package belay.backend.cuda.kernels;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;

/** kernels/cross_entropy.cu: the loss of images by their scores of classes, and its gradient. */
public final class CrossEntropyKernels {
  private static final int THREADS = 32;

  private CrossEntropyKernels() {}

  /**
   * @param number of images
   * @param z scores [number, classes]
   * @param labels bytes [count]
   * @param others bytes [count], of what is mixed with each image; null where nothing is
   * @param shares of each image in its mixture, in 1/65536 [count]; null where nothing is mixed
   * @param rows which images [number]
   * @param dz gradient [number, stride]; null where nobody wants it
   * @param partial loss of each image, then 1 for each that is right [2, number] f64
   * @param stride classes of dz with padding
   * @param smoothing share of each label that all classes get alike
   * @param logitScale what softmax takes z times
   * @param scale of the gradient of the softmax's logits
   */
  public static Call crossEntropy(
      ValueType type,
      int number,
      Address z,
      Address labels,
      Address others,
      Address shares,
      Address rows,
      Address dz,
      Address partial,
      int classes,
      int stride,
      float smoothing,
      float logitScale,
      float scale) {
    return Call.of("cross_entropy", "cross_entropy", type.suffix())
        .in(type.c(), z)
        .in("byte", labels)
        .in("byte", others)
        .in("int", shares)
        .in("int", rows)
        .out(type.c(), dz)
        .out("double", partial)
        .ints(classes, stride)
        .floats(smoothing, logitScale, scale)
        .by(number, 1, 1, THREADS);
  }
}
