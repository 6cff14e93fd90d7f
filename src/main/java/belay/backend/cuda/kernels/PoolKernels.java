package belay.backend.cuda.kernels;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;
import belay.net.Shape;
import belay.net.Window;

/** kernels/pool.cu: maxima and means of windows, and means of whole images. */
public final class PoolKernels {
  /** Sides of windows whose maximum argmax can name. */
  public static final int MOST_KERNEL = 181;

  private static final int THREADS = 256;
  static final int COLUMNS = 32;

  private PoolKernels() {}

  private static Call call(String name, ValueType type) {
    return Call.of("pool", name, type.suffix());
  }

  /**
   * @param x [images, in]
   * @param y [images, out]
   * @param argmax 16-bit integers [images, out]: which pixel of each window was its first maximum;
   *     null where nobody wants it
   */
  public static Call max(
      ValueType type,
      Address x,
      Address y,
      Address argmax,
      int images,
      Shape in,
      Shape out,
      Window window) {
    Call call = call("max_pool_any", type).in(type.c(), x).out(type.c(), y).out("short", argmax);
    return windows(call, images, in, out, window).over((long) images * out.size());
  }

  /**
   * @param argmax of {@link #max}
   * @param mask output of a ReLU, where dx becomes the gradient of its input; null for none
   * @param add whether other readers of x have left their gradients in dx
   */
  public static Call maxGradient(
      ValueType type,
      Address dy,
      Address argmax,
      Address mask,
      Address dx,
      boolean add,
      int images,
      Shape in,
      Shape out,
      Window window) {
    Call call = call("max_pool_any_gradient", type).in(type.c(), dy).in("short", argmax);
    return windows(into(call, type, mask, dx, add), images, in, out, window)
        .over((long) images * in.size());
  }

  /**
   * @param x [images, in]
   * @param y [images, out]
   */
  public static Call average(
      ValueType type, Address x, Address y, int images, Shape in, Shape out, Window window) {
    Call call = call("average_pool", type).in(type.c(), x).out(type.c(), y);
    return windows(call, images, in, out, window).over((long) images * out.size());
  }

  /** As {@link #maxGradient} takes them. */
  public static Call averageGradient(
      ValueType type,
      Address dy,
      Address mask,
      Address dx,
      boolean add,
      int images,
      Shape in,
      Shape out,
      Window window) {
    Call call = call("average_pool_gradient", type).in(type.c(), dy);
    return windows(into(call, type, mask, dx, add), images, in, out, window)
        .over((long) images * in.size());
  }

  /**
   * @param y [images, C]
   */
  public static Call globalAverage(ValueType type, Address x, Address y, int images, Shape in) {
    int columns = (in.channels() + COLUMNS - 1) / COLUMNS;
    return call("global_average_pool", type)
        .in(type.c(), x)
        .out(type.c(), y)
        .ints(in.height() * in.width(), in.channels())
        .by(columns, images, 1, THREADS);
  }

  /** As {@link #maxGradient} takes them. */
  public static Call globalAverageGradient(
      ValueType type, Address dy, Address mask, Address dx, boolean add, int images, Shape in) {
    Call call = call("global_average_pool_gradient", type).in(type.c(), dy);
    return into(call, type, mask, dx, add)
        .ints(images, in.height() * in.width(), in.channels())
        .over((long) images * in.size());
  }

  private static Call into(Call call, ValueType type, Address mask, Address dx, boolean add) {
    return call.in(type.c(), mask).out(type.c(), dx).ints(add ? 1 : 0);
  }

  private static Call windows(Call call, int images, Shape in, Shape out, Window window) {
    return call.ints(images, in.height(), in.width(), in.channels(), out.height(), out.width())
        .ints(window.kernel(), window.stride(), window.padding());
  }
}
