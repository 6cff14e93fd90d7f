package belay.backend.cuda;

import belay.backend.Precision;
import java.util.Optional;

/** How activations lie in device memory, and which kernels read and write them. */
enum Format {
  /** fp32 by multiply-adds, on every GPU. */
  F32(ValueType.F32, null),
  /** fp32 by three products of the matrix units for each: no less exact, and faster. */
  F32_BY_TF32(ValueType.F32, CoreType.TF32X3),
  TF32(ValueType.TF32, CoreType.TF32),
  BF16(ValueType.BF16, CoreType.BF16),
  FP16(ValueType.FP16, CoreType.FP16);

  private final ValueType type;
  private final CoreType core; // null for multiply-adds

  Format(ValueType type, CoreType core) {
    this.type = type;
    this.core = core;
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

  /** What the kernels in kernels/ read and write. */
  ValueType type() {
    return type;
  }

  /** How those in kernels/tensor/ multiply; empty for multiply-adds. */
  Optional<CoreType> core() {
    return Optional.ofNullable(core);
  }

  /** Bytes of one value. */
  int bytes() {
    return type.bytes();
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
