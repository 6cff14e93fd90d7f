package belay.backend.cuda.conv;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.kernels.ValueType;
import belay.net.Shape;

/** kernels/taps.cu: what surrounds the products of a last layer behind an upsampling. */
public final class TapKernels {
  /** Taps of an upsampling and a convolution, seen as one kernel. */
  private static final int TAPS = 16;

  private TapKernels() {}

  /**
   * @param z products with all taps [images, h, w, 16 padded]
   * @param y [images, 2 h, 2 w, outputs]
   * @param small height and width of z
   */
  public static Call gatherTaps(
      ValueType type,
      Address z,
      Address bias,
      Address y,
      int images,
      Shape small,
      int outputs,
      int padded) {
    return Call.of("taps", "gather_taps", type.suffix())
        .in(type.c(), z)
        .in("float", bias)
        .out(type.c(), y)
        .ints(images, small.height(), small.width(), outputs, padded)
        .over(4L * images * small.height() * small.width() * outputs);
  }

  /**
   * @param d [images, 2 h, 2 w, 4]
   * @param patches [images, h, w, 64]
   * @param small height and width of the patches
   */
  public static Call tapPatches(
      ValueType type, Address d, Address patches, int images, Shape small) {
    String four = "Four<" + type.c() + ">";
    return Call.of("taps", "tap_patches", type.suffix())
        .in(four, d)
        .out(four, patches)
        .ints(images, small.height(), small.width())
        .over((long) TAPS * images * small.height() * small.width());
  }
}
