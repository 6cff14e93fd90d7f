package belay.backend.cuda.kernels;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;
import belay.net.Shape;

/** kernels/pointwise.cu: the operations that no convolution absorbed. */
public final class PointwiseKernels {
  private PointwiseKernels() {}

  private static Call call(String name, ValueType type) {
    return Call.of("pointwise", name, type.suffix());
  }

  public static Call relu(ValueType type, Address x, Address y, long total) {
    return call("relu", type).in(type.c(), x).out(type.c(), y).int64(total).over(total);
  }

  /**
   * @param y the ReLU's output or input
   * @param dx may be dy
   */
  public static Call reluGradient(ValueType type, Address y, Address dy, Address dx, long total) {
    return call("relu_gradient", type)
        .in(type.c(), y)
        .in(type.c(), dy)
        .out(type.c(), dx)
        .int64(total)
        .over(total);
  }

  /**
   * @param argmax which value of a 2x2 window was its maximum, a byte each
   * @param full shape of dx
   */
  public static Call unpool(
      ValueType type, Address dy, Address argmax, Address dx, int images, Shape full) {
    return call("unpool", type)
        .in(type.c(), dy)
        .in("byte", argmax)
        .out(type.c(), dx)
        .ints(images, full.height(), full.width(), full.channels())
        .over((long) images * full.size());
  }

  /**
   * @param large shape of y
   */
  public static Call upsample(
      ValueType type, Address x, Address y, int images, Shape large, int factor) {
    return windows(call("upsample", type).in(type.c(), x).out(type.c(), y), images, large, factor)
        .over((long) images * large.size());
  }

  /**
   * @param large shape of dy
   */
  public static Call upsampleGradient(
      ValueType type, Address dy, Address dx, int images, Shape large, int factor) {
    Call call = call("upsample_gradient", type).in(type.c(), dy).out(type.c(), dx);
    return windows(call, images, large, factor).over(small(images, large, factor));
  }

  /** Converts to fp32. */
  public static Call floats(ValueType type, Address x, Address y, long total) {
    return call("floats", type).in(type.c(), x).out("float", y).int64(total).over(total);
  }

  /**
   * Marks values that are not zero in some image.
   *
   * @param size values an image
   */
  public static Call live(ValueType type, Address x, Address marks, int images, int size) {
    return call("live", type).in(type.c(), x).out("byte", marks).ints(images, size).over(size);
  }

  private static Call windows(Call call, int images, Shape large, int size) {
    return call.ints(images, large.height(), large.width(), large.channels(), size);
  }

  private static long small(int images, Shape large, int size) {
    return (long) images * (large.height() / size) * (large.width() / size) * large.channels();
  }
}
