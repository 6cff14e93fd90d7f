package belay.backend.onednn;

/**
 * exp(x) of many x at most 0, from additions and multiplications alone, so that HotSpot computes
 * several at a time: e^x = (e^(x / 1024))^1024, a polynomial and ten squarings. The relative error
 * stays below 1e-9 where the result exceeds 1e-9, and 1e-6 down to the least normal float; every
 * value is a function of its x alone.
 */
final class Exponential {
  /** Below this a float of the result is 0. */
  private static final double LEAST = -104;

  private Exponential() {}

  /** Replaces each x, or a positive one by 1. */
  static void of(double[] x) {
    for (int i = 0; i < x.length; i++) {
      double t = Math.max(LEAST, Math.min(0, x[i])) * 0x1p-10;
      double e = 1 + t * (1 + t * (1 / 2.0 + t * (1 / 6.0 + t * (1 / 24.0 + t * (1 / 120.0)))));
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      e *= e;
      x[i] = e;
    }
  }
}
