package belay.backend;

import belay.net.Curve;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleUnaryOperator;

/**
 * Activation functions in double.
 *
 * @param kinks is told the distance from a kink
 */
public record DoubleCurves(DoubleConsumer kinks) implements Curve.Cases<DoubleUnaryOperator> {
  @Override
  public DoubleUnaryOperator gelu(Curve.Gelu gelu) {
    return x -> x * (1 + erf(x / Math.sqrt(2))) / 2;
  }

  @Override
  public DoubleUnaryOperator silu(Curve.Silu silu) {
    return x -> x / (1 + Math.exp(-x));
  }

  @Override
  public DoubleUnaryOperator leakyRelu(Curve.LeakyRelu leaky) {
    return x -> {
      kinks.accept(x);
      return x > 0 ? x : leaky.slope() * x;
    };
  }

  /** To 1e-14 by its series, all of whose terms have one sign (Abramowitz, Stegun 7.1.6). */
  public static double erf(double x) {
    if (Math.abs(x) > 6) {
      return Math.signum(x);
    }
    double term = 2 / Math.sqrt(Math.PI) * x * Math.exp(-x * x);
    double sum = term;
    for (int n = 1; Math.abs(term) > 1e-18; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return sum;
  }
}
