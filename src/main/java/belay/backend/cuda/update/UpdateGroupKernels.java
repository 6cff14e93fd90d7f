package belay.backend.cuda.update;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;

/**
 * kernels/update_groups.cu: update rules where parameters differ. Everywhere {@code ranges} are
 * [parameters, UpdateKernels.RANGE] int, {@code groups} [parameters, GROUP] f32.
 */
public final class UpdateGroupKernels {
  /** Numbers of a parameter: factor of the rate, l2, l1, first and last epoch that freeze it. */
  public static final int GROUP = 5;

  private static final String FILE = "update_groups";
  private static final int THREADS = 256;

  private UpdateGroupKernels() {}

  /**
   * Clips the gradient and lets decay pull.
   *
   * @param scalars learning rate at its first place
   * @param epoch [1] int
   * @param partial of {@link UpdateKernels#squares}
   */
  public static Call regularize(
      Address gradient,
      Address weights,
      Address ranges,
      Address groups,
      Address scalars,
      Address epoch,
      Address partial,
      float value,
      float norm,
      boolean decoupled,
      int parameters) {
    return Call.of(FILE, "regularize_groups")
        .out("float", gradient)
        .out("float", weights)
        .in("int", ranges)
        .in("float", groups)
        .in("float", scalars)
        .in("int", epoch)
        .in("double", partial)
        .floats(value, norm)
        .ints(decoupled ? 1 : 0)
        .by(UpdateKernels.PARTS, parameters, 1, THREADS);
  }

  /**
   * @param others whether what ranges mark is left alone
   */
  public static Call sgd(
      Address weights,
      Address first,
      Address gradient,
      Address ranges,
      Address groups,
      Address scalars,
      Address epoch,
      float momentum,
      boolean nesterov,
      boolean others,
      int parameters) {
    return Call.of(FILE, "sgd_groups")
        .out("float", weights)
        .out("float", first)
        .in("float", gradient)
        .in("int", ranges)
        .in("float", groups)
        .in("float", scalars)
        .in("int", epoch)
        .floats(momentum)
        .ints(nesterov ? 1 : 0, others ? 1 : 0)
        .by(UpdateKernels.PARTS, parameters, 1, THREADS);
  }

  /**
   * @param scalars learning rate and the two corrections
   * @param others whether what ranges mark is left alone
   */
  public static Call adam(
      Address weights,
      Address first,
      Address second,
      Address gradient,
      Address ranges,
      Address groups,
      Address scalars,
      Address epoch,
      float beta1,
      float beta2,
      float epsilon,
      boolean others,
      int parameters) {
    return Call.of(FILE, "adam_groups")
        .out("float", weights)
        .out("float", first)
        .out("float", second)
        .in("float", gradient)
        .in("int", ranges)
        .in("float", groups)
        .in("float", scalars)
        .in("int", epoch)
        .floats(beta1, beta2, epsilon)
        .ints(others ? 1 : 0)
        .by(UpdateKernels.PARTS, parameters, 1, THREADS);
  }
}
