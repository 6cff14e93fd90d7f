package belay.backend.cuda.kernels;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;

/** kernels/residual.cu: where branches meet. */
public final class ResidualKernels {
  private ResidualKernels() {}

  private static Call call(String name, ValueType type) {
    return Call.of("residual", name, type.suffix());
  }

  /**
   * @param y may be a or b
   * @param rectify whether y = max(0, a + b)
   */
  public static Call add(
      ValueType type, Address a, Address b, Address y, boolean rectify, long total) {
    return call("add", type)
        .in(type.c(), a)
        .in(type.c(), b)
        .out(type.c(), y)
        .ints(rectify ? 1 : 0)
        .int64(total)
        .over(total);
  }

  /**
   * Adds dy to dx.
   *
   * @param mask output of a ReLU, where dx becomes the gradient of its input; null for none
   */
  public static Call accumulate(ValueType type, Address dy, Address mask, Address dx, long total) {
    return call("accumulate", type)
        .in(type.c(), dy)
        .in(type.c(), mask)
        .out(type.c(), dx)
        .int64(total)
        .over(total);
  }
}
