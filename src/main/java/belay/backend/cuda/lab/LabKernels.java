package belay.backend.cuda.lab;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;
import belay.net.Shape;

/**
 * kernels/lab/conv3x3_*.cu: the steps from a naive convolution of 3x3 to an implicit product, with
 * x [N, H, W, Ci], w [3, 3, Ci, Co], y [N, H, W, Co].
 */
public final class LabKernels {
  private static final int THREADS = 256;

  /** The steps. */
  public enum Version {
    /** One thread a value. */
    V1,
    /** Tiles in shared memory, filters batched. */
    V2,
    /** An implicit product. */
    V3;

    public String word() {
      return "v" + (ordinal() + 1);
    }
  }

  private LabKernels() {}

  public static Call forward(
      Version version,
      Address x,
      Address w,
      Address bias,
      Address y,
      int images,
      Shape in,
      int outputs) {
    Call call = Call.of("conv3x3_forward", "conv3x3_forward", version.word());
    call.in("float", x).in("float", w).in("float", bias).out("float", y);
    return values(sizes(call, images, in, outputs), version, images, in, outputs);
  }

  public static Call inputGradient(
      Version version, Address dy, Address w, Address dx, int images, Shape in, int outputs) {
    Call call = Call.of("conv3x3_input_gradient", "conv3x3_input_gradient", version.word());
    call.in("float", dy).in("float", w).out("float", dx);
    return values(sizes(call, images, in, outputs), version, images, in, in.channels());
  }

  public static Call weightGradient(
      Version version, Address x, Address dy, Address dw, int images, Shape in, int outputs) {
    Call call = Call.of("conv3x3_weight_gradient", "conv3x3_weight_gradient", version.word());
    call.in("float", x).in("float", dy).out("float", dw);
    sizes(call, images, in, outputs);
    return switch (version) {
      case V1 -> call.by(9 * in.channels() * outputs / THREADS, 1, 1, THREADS);
      case V2 -> call.by(outputs / 32, in.channels(), 9, THREADS);
      case V3 -> call.by(in.channels() / 64, outputs / 64, 9, THREADS);
    };
  }

  private static Call sizes(Call call, int images, Shape in, int outputs) {
    return call.ints(images, in.height(), in.width(), in.channels(), outputs);
  }

  /** Grids of kernels that make a value for each pixel and column. */
  private static Call values(Call call, Version version, int images, Shape in, int columns) {
    long pixels = (long) images * in.height() * in.width();
    return switch (version) {
      case V1 -> call.by((int) (pixels * columns / THREADS), 1, 1, THREADS);
      case V2 -> call.by((int) ((pixels + 63) / 64), columns / 32, 1, THREADS);
      case V3 -> call.by((int) ((pixels + 63) / 64), columns / 64, 1, THREADS);
    };
  }
}
