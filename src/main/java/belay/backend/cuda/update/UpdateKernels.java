package belay.backend.cuda.update;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;

/** kernels/update.cu and update_rules.cu: the optimiser over the parameter vector. */
public final class UpdateKernels {
  /** Partial sums of squares. */
  public static final int SQUARES = 128;

  /** Parts of the sums over a parameter. */
  public static final int PARTS = 64;

  /** Numbers of a parameter in a table of ranges. */
  public static final int RANGE = 3;

  private static final String RULES = "update_rules";
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

  /**
   * Clips the gradient and lets decay pull.
   *
   * @param covered [parameters] bytes: not 0 where decay pulls; null for everywhere
   * @param scalars learning rate at its first place
   * @param partial of {@link #squares}
   */
  public static Call regularize(
      Address gradient,
      Address weights,
      Address covered,
      int count,
      Address scalars,
      Address partial,
      float value,
      float norm,
      float l2,
      float l1,
      boolean decoupled) {
    return Call.of(RULES, "regularize")
        .out("float", gradient)
        .out("float", weights)
        .in("byte", covered)
        .ints(count)
        .in("float", scalars)
        .in("double", partial)
        .floats(value, norm, l2, l1)
        .ints(decoupled ? 1 : 0)
        .over(count);
  }

  public static Call nesterov(
      Address weights,
      Address first,
      Address gradient,
      int count,
      Address scalars,
      float momentum) {
    return Call.of(RULES, "update_nesterov")
        .out("float", weights)
        .out("float", first)
        .in("float", gradient)
        .ints(count)
        .in("float", scalars)
        .floats(momentum)
        .over(count);
  }

  public static Call adagrad(
      Address weights, Address sum, Address gradient, int count, Address scalars, float epsilon) {
    return Call.of(RULES, "update_adagrad")
        .out("float", weights)
        .out("float", sum)
        .in("float", gradient)
        .ints(count)
        .in("float", scalars)
        .floats(epsilon)
        .over(count);
  }

  public static Call rmsProp(
      Address weights,
      Address first,
      Address second,
      Address gradient,
      int count,
      Address scalars,
      float alpha,
      float epsilon,
      float momentum) {
    return Call.of(RULES, "update_rmsprop")
        .out("float", weights)
        .out("float", first)
        .out("float", second)
        .in("float", gradient)
        .ints(count)
        .in("float", scalars)
        .floats(alpha, epsilon, momentum)
        .over(count);
  }

  /**
   * @param ranges [parameters, RANGE] int: first value, one past the last, 1 for a kernel
   * @param squares [parameters, 2, PARTS] f64: of weights, of the clipped gradient
   */
  public static Call larsSquares(
      Address weights,
      Address gradient,
      Address ranges,
      Address partial,
      float value,
      float norm,
      Address squares,
      int parameters) {
    return Call.of(RULES, "lars_squares")
        .in("float", weights)
        .in("float", gradient)
        .in("int", ranges)
        .in("double", partial)
        .floats(value, norm)
        .out("double", squares)
        .by(PARTS, parameters, 1, THREADS);
  }

  /**
   * @param gradient with its decay
   * @param squares of {@link #larsSquares}
   */
  public static Call lars(
      Address weights,
      Address first,
      Address gradient,
      Address ranges,
      Address squares,
      Address scalars,
      float trust,
      float momentum,
      float l2,
      int parameters) {
    return Call.of(RULES, "update_lars")
        .out("float", weights)
        .out("float", first)
        .in("float", gradient)
        .in("int", ranges)
        .in("double", squares)
        .in("float", scalars)
        .floats(trust, momentum, l2)
        .by(PARTS, parameters, 1, THREADS);
  }

  /**
   * @param scalars the average's share at its fourth place
   */
  public static Call average(Address average, Address weights, int count, Address scalars) {
    return Call.of(RULES, "update_average")
        .out("float", average)
        .in("float", weights)
        .ints(count)
        .in("float", scalars)
        .over(count);
  }

  /** Swaps the average and the weights. */
  public static Call exchange(Address average, Address weights, int count) {
    return Call.of(RULES, "exchange")
        .out("float", average)
        .out("float", weights)
        .ints(count)
        .over(count);
  }
}
