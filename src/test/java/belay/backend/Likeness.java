package belay.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.net.Network;
import belay.net.Parameter;
import belay.net.Slot;
import belay.net.Statistic;
import belay.net.TrainState;

/**
 * Compares arrays that two devices computed in other orders of sums.
 *
 * <p>Errors are measured against what is usual in the array: the root mean square r of the expected
 * values. All errors together, as a root mean square, are at most the tolerance times r; a single
 * one, of thousands, is at most {@value #SINGLE} times the tolerance times r and its own value.
 *
 * @param tolerance relative error of a sum; it grows with the square root of the number of
 *     operations above ten, as independent roundings do
 */
public record Likeness(Network network, double tolerance) {
  private static final double SINGLE = 6;

  /** A bias before a normalisation, for one, has no gradient but rounding: of others' size. */
  private static final double NOISE = 0.02;

  /**
   * The gradient through a normalisation of few values is what is left when nearly equal numbers
   * are subtracted: of two values, nothing but their rounding and epsilon.
   */
  private static final double CANCELLATION = 100;

  private static final int FEW_PIXELS = 16; // of an image

  /** Each parameter of a gradient, or of whatever else has a value for each. */
  public void assertAlikeByParameter(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    double usual = usual(expected, 0, network.parameterCount());
    for (Parameter parameter : network.program().parameters()) {
      assertAlike(
          parameter.name(), expected, actual, parameter.offset(), parameter.end(), NOISE * usual);
    }
  }

  /** Running means and variances, each beside its own size. */
  public void assertAlikeByStatistic(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    for (Statistic statistic : network.program().statistics()) {
      assertAlike(statistic.name(), expected, actual, statistic.offset(), statistic.end(), 0);
    }
  }

  /** What the first step of a rule left whose first moment is the gradient then. */
  public void assertAlikeAfterAStep(TrainState expected, TrainState actual) {
    assertAlikeByParameter(expected.slot(Slot.FIRST_MOMENT), actual.slot(Slot.FIRST_MOMENT));
    assertAlikeByStatistic(expected.weights(), actual.weights());
    double loss = expected.tally().lossSum();
    assertEquals(loss, actual.tally().lossSum(), tolerance * loss);
    assertEquals(expected.tally().images(), actual.tally().images());
    double images = expected.tally().images();
    assertEquals(expected.tally().right(), actual.tally().right(), tolerance * images);
  }

  public void assertAlike(String name, float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    assertAlike(name, expected, actual, 0, expected.length, 0);
  }

  private void assertAlike(
      String name, float[] expected, float[] actual, int from, int to, double noise) {
    double usual = Math.max(usual(expected, from, to), noise);
    double squares = 0;
    for (int i = from; i < to; i++) {
      double error = Math.abs((double) actual[i] - expected[i]);
      double bound = SINGLE * allowed() * (usual + Math.abs(expected[i]));
      int place = i - from;
      float e = expected[i];
      float a = actual[i];
      assertTrue(
          error <= bound,
          () -> "%s[%d]: %s instead of %s, usual %.2e".formatted(name, place, a, e, usual));
      squares += error * error;
    }
    double error = Math.sqrt(squares / (to - from)) / usual;
    assertTrue(
        squares == 0 || error <= allowed(), () -> name + ": relative error %.2e".formatted(error));
  }

  /** |actual - expected|_2 / |expected|_2 over whole arrays. */
  public static double distance(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) actual[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / Math.max(norm, Double.MIN_NORMAL));
  }

  private double allowed() {
    double deep = Math.sqrt(Math.max(1, network.program().operations().size() / 10.0));
    return tolerance * deep * (normalizesFewPixels() ? CANCELLATION : 1);
  }

  private boolean normalizesFewPixels() {
    return network.program().statistics().stream()
        .map(Statistic::name)
        .map(name -> name.substring(0, name.lastIndexOf('/')))
        .anyMatch(name -> pixels(name) < FEW_PIXELS);
  }

  private int pixels(String name) {
    return network.program().operations().stream()
        .filter(operation -> operation.name().equals(name))
        .map(operation -> network.program().shape(operation.output()))
        .mapToInt(shape -> shape.height() * shape.width())
        .findFirst()
        .orElseThrow();
  }

  /** The root mean square of values [from, to). */
  private static double usual(float[] values, int from, int to) {
    double squares = 0;
    for (int i = from; i < to; i++) {
      squares += (double) values[i] * values[i];
    }
    return Math.sqrt(squares / (to - from));
  }
}
