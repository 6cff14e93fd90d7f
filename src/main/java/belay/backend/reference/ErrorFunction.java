package belay.backend.reference;

/**
 * erf(x) = 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x, with an absolute error below
 * 4e-16, by the rational approximations of W. J. Cody, "Rational Chebyshev approximations for the
 * error function", Mathematics of Computation 23 (1969), 631-637; coefficients as in his CALERF.
 */
final class ErrorFunction {
  private static final double SMALL = 0.46875;
  private static final double LARGE = 4;
  private static final double ONE = 6; // from here on erf rounds to 1
  private static final double ROOT_PI_INVERSE = 1 / Math.sqrt(Math.PI);

  // Numerators and denominators, the leading coefficient last; a denominator leads with 1.
  private static final double[] A = {
    3.20937758913846947e03,
    3.77485237685302021e02,
    1.13864154151050156e02,
    3.16112374387056560e00,
    1.85777706184603153e-1
  };
  private static final double[] B = {
    2.84423683343917062e03,
    1.28261652607737228e03,
    2.44024637934444173e02,
    2.36012909523441209e01,
    1
  };
  private static final double[] C = {
    1.23033935479799725e03,
    2.05107837782607147e03,
    1.71204761263407058e03,
    8.81952221241769090e02,
    2.98635138197400131e02,
    6.61191906371416295e01,
    8.88314979438837594e00,
    5.64188496988670089e-1,
    2.15311535474403846e-8
  };
  private static final double[] D = {
    1.23033935480374942e03,
    3.43936767414372164e03,
    4.36261909014324716e03,
    3.29079923573345963e03,
    1.62138957456669019e03,
    5.37181101862009858e02,
    1.17693950891312499e02,
    1.57449261107098347e01,
    1
  };
  private static final double[] P = {
    6.58749161529837803e-4,
    1.60837851487422766e-2,
    1.25781726111229246e-1,
    3.60344899949804439e-1,
    3.05326634961232344e-1,
    1.63153871373020978e-2
  };
  private static final double[] Q = {
    2.33520497626869185e-3,
    6.05183413124413191e-2,
    5.27905102951428412e-1,
    1.87295284992346725e00,
    2.56852019228982242e00,
    1
  };

  private ErrorFunction() {}

  /** NaN of NaN. */
  static double erf(double x) {
    double size = Math.abs(x);
    if (size <= SMALL) {
      return x * ratio(A, B, x * x);
    }
    return Math.copySign(1 - complement(size), x);
  }

  /** 1 - erf(x) of x > SMALL. */
  private static double complement(double x) {
    if (x >= ONE) {
      return 0;
    }
    if (x <= LARGE) {
      return Math.exp(-x * x) * ratio(C, D, x);
    }
    double y = 1 / (x * x);
    return Math.exp(-x * x) * (ROOT_PI_INVERSE - y * ratio(P, Q, y)) / x;
  }

  private static double ratio(double[] numerator, double[] denominator, double x) {
    return polynomial(numerator, x) / polynomial(denominator, x);
  }

  private static double polynomial(double[] coefficients, double x) {
    double sum = 0;
    for (int i = coefficients.length - 1; i >= 0; i--) {
      sum = sum * x + coefficients[i];
    }
    return sum;
  }
}
