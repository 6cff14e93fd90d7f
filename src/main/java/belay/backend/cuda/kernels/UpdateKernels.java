package belay.backend.cuda.kernels;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;

/** kernels/update.cu: the optimiser over the parameter vector. */
public final class UpdateKernels {
  /** Partial sums of squares. */
  public static final int SQUARES = 128;

  private static final int THREADS = 256;

  /** Parameters of a thread at a time. */
  private static final int WIDTH = 4;

  private UpdateKernels() {}

  /**
   * @param value that gradients are clipped to; 0 for no limit
   * @param partial [SQUARES] f64
   */
  public static Call squares(Address gradient, int count, float value, Address partial) {
    return Call.of("update", "squares")
        .in("float", gradient)
        .ints(count)
        .floats(value)
        .out("double", partial)
        .by(SQUARES, 1, 1, THREADS);
  }

  /**
   * @param scalars learning rate at its first place
   * @param partial of {@link #squares}
   * @param norm that the gradient is clipped to; 0 for no limit
   */
  public static Call sgd(
      Address weights,
      Address first,
      Address gradient,
      int count,
      Address scalars,
      Address partial,
      float value,
      float norm,
      float momentum,
      float decay) {
    return Call.of("update", "update_sgd")
        .out("float", weights)
        .out("float", first)
        .in("float", gradient)
        .ints(count)
        .in("float", scalars)
        .in("double", partial)
        .floats(value, norm, momentum, decay)
        .over(count / WIDTH);
  }

  /**
   * @param scalars learning rate and the two corrections
   * @param partial of {@link #squares}
   * @param norm that the gradient is clipped to; 0 for no limit
   */
  public static Call adam(
      Address weights,
      Address first,
      Address second,
      Address gradient,
      int count,
      Address scalars,
      Address partial,
      float value,
      float norm,
      float beta1,
      float beta2,
      float epsilon,
      float decay,
      boolean decoupled) {
    return Call.of("update", "update_adam")
        .out("float", weights)
        .out("float", first)
        .out("float", second)
        .in("float", gradient)
        .ints(count)
        .in("float", scalars)
        .in("double", partial)
        .floats(value, norm, beta1, beta2, epsilon, decay)
        .ints(decoupled ? 1 : 0)
        .over(count / WIDTH);
  }
}
