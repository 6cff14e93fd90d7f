package belay.backend.cuda;

import belay.backend.Precision;

/** How activations lie in device memory, and which kernels read and write them. */
enum Format {
  /** fp32 by multiply-adds, on every GPU. */
  F32("f32", "f32", 4),
  /** fp32 by three products of the matrix units for each: no less exact, and faster. */
  F32_BY_TF32("f32", "tf32x3", 4),
  TF32("tf32", "tf32", 4),
  BF16("bf16", "bf16", 2),
  FP16("fp16", "fp16", 2);

  private final String suffix;
  private final String products;
  private final int bytes;

  Format(String suffix, String products, int bytes) {
    this.suffix = suffix;
    this.products = products;
    this.bytes = bytes;
  }

  /** The format that stands for a precision where there are tensor cores. */
  static Format of(Precision precision) {
    return switch (precision) {
      case FP32 -> F32_BY_TF32;
      case TF32 -> TF32;
      case BF16 -> BF16;
      case FP16 -> FP16;
    };
  }

  /** Ending of the names of the kernels that do most of the arithmetic. */
  String products() {
    return products;
  }

  /** Ending of the names of all other kernels. */
  String suffix() {
    return suffix;
  }

  /** Bytes of one value. */
  int bytes() {
    return bytes;
  }

  /**
   * What the gradients of activations are multiplied by: fp16 loses what is under 6e-8, where the
   * gradient of a mean over a minibatch lies. A power of two, so that dividing it out is exact; a
   * constant, so that resuming needs no memory of it. It makes the gradient of the output about a
   * sixteenth of the error.
   *
   * @param values over which the loss is a mean
   */
  float lossScale(long values) {
    return this == FP16 ? Math.max(1, Long.highestOneBit(values) / 32) : 1;
  }
}
