package belay.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitializerTest {
  private final Network network =
      Network.parse("x", "input 8x8x3\nconv 64\nlatent\nrelu\nconv 96\nconv 3\n");
  private final Parameter kernel = network.program().parameters().get(2); // [3, 3, 64, 96]
  private final Parameter bias = network.program().parameters().get(3);

  private float[] values(Initializer initializer, Parameter parameter) {
    return Arrays.copyOfRange(
        initializer.initialize(network, 5), parameter.offset(), parameter.end());
  }

  private static double largest(float[] values) {
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double variance(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += value * value;
    }
    return squares / values.length;
  }

  @Test
  void uniformValuesReachOneOverTheRootOfFanIn() {
    double bound = 1 / Math.sqrt(9 * 64);
    float[] values = values(Initializer.UNIFORM, kernel);

    assertTrue(largest(values) <= bound);
    assertEquals(bound, largest(values), 0.01 * bound);
    assertEquals(bound * bound / 3, variance(values), 0.02 * bound * bound / 3);
    assertEquals(0, mean(values), 0.01 * bound);
  }

  @Test
  void uniformBiasesAreDrawnToo() {
    double bound = 1 / Math.sqrt(9 * 64);
    float[] values = values(Initializer.UNIFORM, bias);

    assertTrue(largest(values) <= bound && largest(values) > 0.9 * bound);
  }

  @Test
  void heValuesHaveVarianceTwoOverFanIn() {
    double expected = 2.0 / (9 * 64);
    float[] values = values(Initializer.HE, kernel);

    assertEquals(expected, variance(values), 0.03 * expected);
    assertEquals(0, mean(values), 0.02 * Math.sqrt(expected));
    // Unlike uniform values, normal ones leave three deviations.
    assertTrue(largest(values) > 3 * Math.sqrt(expected));
  }

  @Test
  void xavierValuesReachTheirBound() {
    double bound = Math.sqrt(6.0 / (9 * 64 + 9 * 96));
    float[] values = values(Initializer.XAVIER, kernel);

    assertTrue(largest(values) <= bound);
    assertEquals(bound, largest(values), 0.01 * bound);
    assertEquals(bound * bound / 3, variance(values), 0.02 * bound * bound / 3);
  }

  @ParameterizedTest
  @EnumSource(names = {"HE", "XAVIER"})
  void otherBiasesAreZero(Initializer initializer) {
    assertArrayEquals(new float[bias.size()], values(initializer, bias));
  }

  @ParameterizedTest
  @EnumSource
  void theSeedDeterminesEveryValue(Initializer initializer) {
    float[] weights = initializer.initialize(network, 5);

    assertArrayEquals(weights, initializer.initialize(network, 5));
    assertNotEquals(Arrays.hashCode(weights), Arrays.hashCode(initializer.initialize(network, 6)));
  }

  private static Parameter first(String line) {
    return Network.parse("x", "input 8x8x3\n%s\nlatent\noutput from=input".formatted(line))
        .program()
        .parameters()
        .get(0);
  }

  private static float[] begun(String line) {
    Network begun =
        Network.parse("x", "input 8x8x3\n%s\nlatent\noutput from=input".formatted(line));
    float[] all = Initializer.UNIFORM.initialize(begun, 5);
    return Arrays.copyOf(all, begun.program().parameters().get(0).size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"conv 5", "conv 2 kernel=5", "conv 4 kernel=2", "conv 3 kernel=1"})
  void aDiracFilterPassesOnItsChannelAndOtherFiltersAreDrawn(String line) {
    float[] drawn = begun(line);
    float[] begun = begun(line + " init=dirac");
    int side = first(line).shape().get(0);
    int filters = first(line).shape().get(3);
    for (int i = 0; i < begun.length; i++) {
      int filter = i % filters;
      int channel = i / filters % 3;
      int tap = i / filters / 3;
      boolean passes = tap == side / 2 * side + side / 2 && channel == filter;
      assertEquals(filter < 3 ? (passes ? 1 : 0) : drawn[i], begun[i]);
    }
  }

  @Test
  void unitDeviationDividesWhatWasDrawn() {
    float[] drawn = begun("linear 7 bias=no");
    float[] begun = begun("linear 7 bias=no init=unit-deviation");
    assertEquals(1, Math.sqrt(variance(begun)), 1e-3);
    for (int i = 1; i < begun.length; i++) {
      assertEquals(drawn[i] / drawn[0], begun[i] / begun[0], 1e-4 * Math.abs(begun[i] / begun[0]));
    }
  }
}
