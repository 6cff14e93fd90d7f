package belay.data.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantilesTest {
  private static double[] numbers(int[] table) {
    return Arrays.stream(table).mapToDouble(fixed -> fixed / 65536.0).toArray();
  }

  /** Mean 1/2, variance 1 / (4 (2 a + 1)). */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.2, 0.5, 1, 2, 7.3, 10})
  void sharesHaveTheMomentsOfTheirDistribution(double alpha) {
    double[] shares = numbers(Quantiles.shares(alpha));
    assertEquals(0.5, Arrays.stream(shares).average().orElseThrow(), 1e-5);
    double variance = Arrays.stream(shares).map(x -> (x - 0.5) * (x - 0.5)).average().orElse(0);
    assertEquals(1 / (4 * (2 * alpha + 1)), variance, 2e-4);
    assertTrue(IntStream.range(1, shares.length).allMatch(i -> shares[i] >= shares[i - 1]));
  }

  @Test
  void sharesOfTheUniformDistributionAreUniform() {
    int[] shares = Quantiles.shares(1);
    for (int i = 0; i < shares.length; i++) {
      assertEquals(16 * i + 8, shares[i], 1);
    }
  }

  /** The arcsine distribution: sin^2 (pi p / 2). */
  @Test
  void sharesOfBetaOfOneHalfAreThoseOfTheArcsine() {
    double[] shares = numbers(Quantiles.shares(0.5));
    for (int i = 0; i < shares.length; i++) {
      double sine = Math.sin(Math.PI / 2 * (i + 0.5) / shares.length);
      assertEquals(sine * sine, shares[i], 1e-5);
    }
  }

  @Test
  void rootsAreThoseOfShares() {
    double[] shares = numbers(Quantiles.shares(0.3));
    double[] roots = numbers(Quantiles.roots(0.3));
    for (int i = 0; i < shares.length; i++) {
      assertEquals(shares[i], roots[i] * roots[i], 3e-5);
    }
  }

  /** Known quantiles, and the variance, of which tails beyond 3.7 deviations lack. */
  @Test
  void deviationsAreThoseOfTheNormalDistribution() {
    assertEquals(1.959963984540054, Normal.quantile(0.975), 1e-9);
    assertEquals(-3.090232306167813, Normal.quantile(0.001), 1e-9);
    assertEquals(0, Normal.quantile(0.5), 1e-9);
    double[] deviations = numbers(Quantiles.deviations(2));
    double variance = Arrays.stream(deviations).map(x -> x * x).average().orElseThrow();
    assertEquals(4, variance, 0.01);
  }

  @Test
  void aRatioIsTheInverseOfTheOneAtTheOtherEnd() {
    double[] ratios = numbers(Quantiles.ratios());
    assertEquals(Math.sqrt(0.75), ratios[0], 1e-3);
    for (int i = 0; i < ratios.length; i++) {
      assertEquals(1, ratios[i] * ratios[ratios.length - 1 - i], 2e-5);
    }
  }
}
