package belay.backend.cuda.kernels;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;

/** kernels/activation.cu: activation functions other than ReLU. */
public final class ActivationKernels {
  private ActivationKernels() {}

  public static Call gelu(ValueType type, Address x, Address y, long total) {
    return forward("gelu", type, x, y).int64(total).over(total);
  }

  /** As {@link #gradient} takes them. */
  public static Call geluGradient(
      ValueType type, Address x, Address dy, Address mask, Address dx, boolean add, long total) {
    return gradient("gelu", type, x, dy, mask, dx, add).int64(total).over(total);
  }

  public static Call silu(ValueType type, Address x, Address y, long total) {
    return forward("silu", type, x, y).int64(total).over(total);
  }

  /** As {@link #gradient} takes them. */
  public static Call siluGradient(
      ValueType type, Address x, Address dy, Address mask, Address dx, boolean add, long total) {
    return gradient("silu", type, x, dy, mask, dx, add).int64(total).over(total);
  }

  public static Call leakyRelu(ValueType type, Address x, Address y, float slope, long total) {
    return forward("leaky_relu", type, x, y).floats(slope).int64(total).over(total);
  }

  /** As {@link #gradient} takes them. */
  public static Call leakyReluGradient(
      ValueType type,
      Address x,
      Address dy,
      Address mask,
      Address dx,
      boolean add,
      float slope,
      long total) {
    return gradient("leaky_relu", type, x, dy, mask, dx, add)
        .floats(slope)
        .int64(total)
        .over(total);
  }

  private static Call forward(String curve, ValueType type, Address x, Address y) {
    return Call.of("activation", curve, type.suffix()).in(type.c(), x).out(type.c(), y);
  }

  /**
   * @param x the function's input
   * @param mask output of a ReLU, where dx becomes the gradient of its input; null for none
   * @param dx may be dy
   * @param add whether other readers of x have left their gradients in dx
   */
  private static Call gradient(
      String curve, ValueType type, Address x, Address dy, Address mask, Address dx, boolean add) {
    return Call.of("activation", curve, "gradient", type.suffix())
        .in(type.c(), x)
        .in(type.c(), dy)
        .in(type.c(), mask)
        .out(type.c(), dx)
        .ints(add ? 1 : 0);
  }
}
