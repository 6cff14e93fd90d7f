package belay.backend.onednn.dnnl;

import belay.net.Shape;
import belay.net.Window;

/**
 * What a pooling does.
 *
 * @param algorithm of dnnl_alg_kind_t
 * @param kernel [height, width]
 * @param strides pixels from one window to the next [down, across]
 * @param borders of the image on each side [above, left]
 */
public record Pooling(int algorithm, long[] kernel, long[] strides, long[] borders) {
  private static final long[] NONE = {0, 0};

  /** The maximum of each window; what lies outside of the image takes no part. */
  public static Pooling max(Window window) {
    return of(Dnnl.POOLING_MAX, window);
  }

  /** The mean of each window; what lies outside of the image counts as 0. */
  public static Pooling average(Window window) {
    return of(Dnnl.POOLING_AVERAGE_INCLUDE_PADDING, window);
  }

  /** The mean of the whole image. */
  public static Pooling globalAverage(Shape image) {
    long[] whole = {image.height(), image.width()};
    return new Pooling(Dnnl.POOLING_AVERAGE_INCLUDE_PADDING, whole, whole, NONE);
  }

  private static Pooling of(int algorithm, Window window) {
    return new Pooling(
        algorithm,
        new long[] {window.kernel(), window.kernel()},
        new long[] {window.stride(), window.stride()},
        new long[] {window.padding(), window.padding()});
  }
}
