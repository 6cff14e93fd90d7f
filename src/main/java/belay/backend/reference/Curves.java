package belay.backend.reference;

import belay.backend.reference.CurveMapping.Smooth;
import belay.net.Curve;

/** What each activation function means. */
final class Curves implements Curve.Cases<Smooth> {
  private static final double ROOT_HALF = Math.sqrt(0.5);
  private static final double DENSITY_AT_0 = 1 / Math.sqrt(2 * Math.PI);

  @Override
  public Smooth gelu(Curve.Gelu gelu) {
    return new Smooth() {
      @Override
      public double value(double x) {
        return x * normal(x);
      }

      @Override
      public double derivative(double x) {
        return normal(x) + x * DENSITY_AT_0 * Math.exp(-x * x / 2);
      }

      /** The standard normal distribution function. */
      private double normal(double x) {
        return (1 + ErrorFunction.erf(x * ROOT_HALF)) / 2;
      }
    };
  }

  @Override
  public Smooth silu(Curve.Silu silu) {
    return new Smooth() {
      @Override
      public double value(double x) {
        return x * logistic(x);
      }

      @Override
      public double derivative(double x) {
        double y = logistic(x);
        return y * (1 + x * (1 - y));
      }

      private double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
      }
    };
  }

  @Override
  public Smooth leakyRelu(Curve.LeakyRelu leaky) {
    double slope = leaky.slope();
    return new Smooth() {
      @Override
      public double value(double x) {
        return x > 0 ? x : slope * x;
      }

      @Override
      public double derivative(double x) {
        return x > 0 ? 1 : slope;
      }
    };
  }
}
