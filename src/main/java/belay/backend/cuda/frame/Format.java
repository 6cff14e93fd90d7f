package belay.backend.cuda.frame;

import belay.backend.Precision;
import belay.backend.cuda.conv.TensorGatherGemmKernels;
import belay.backend.cuda.driver.Gpu;
import belay.backend.cuda.kernels.CoreType;
import belay.backend.cuda.kernels.ValueType;
import belay.error.UnsupportedDeviceException;
import java.util.Optional;

/** How activations lie in device memory, and which kernels read and write them. */
public enum Format {
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
  public static Format of(Precision precision) {
    return switch (precision) {
      case FP32 -> F32_BY_TF32;
      case TF32 -> TF32;
      case BF16 -> BF16;
      case FP16 -> FP16;
    };
  }

  /**
   * The format by which a GPU computes in a precision.
   *
   * @throws UnsupportedDeviceException if the tier in use lacks it
   */
  public static Format of(Gpu gpu, Precision precision) {
    if (precision == Precision.FP32) {
      // The matrix units of gaming GPUs (8.6, 8.9) are not three times as fast as their other
      // units.
      return gpu.images().has(TensorGatherGemmKernels.file(CoreType.TF32X3))
              && gpu.device().capability() % 10 == 0
          ? F32_BY_TF32
          : F32;
    }
    Format format = of(precision);
    if (!format.core().map(TensorGatherGemmKernels::file).filter(gpu.images()::has).isPresent()) {
      throw new UnsupportedDeviceException(
          "%s with kernels of tier %s cannot compute in %s: set train.precision=fp32"
              .formatted(gpu.device().name(), gpu.images().tier(), format.type().suffix()));
    }
    return format;
  }

  /** What the kernels in kernels/ read and write. */
  public ValueType type() {
    return type;
  }

  /** How those in kernels/tensor/ multiply; empty for multiply-adds. */
  public Optional<CoreType> core() {
    return Optional.ofNullable(core);
  }

  /** Bytes of one value. */
  public int bytes() {
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
