package belay.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.backend.RandomInputs;
import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.net.Initializer;
import belay.net.Network;
import belay.net.Statistic;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What is measured of the training images, beside sums in double pixel by pixel. */
class MeasuredTest {
  private static final Network NETWORK =
      Network.parse(
          "test", "input 5x7x3\nnormalize name=n\nconv 4\nbatchnorm\nlatent\nlinear 10\nlogits");

  private final ImageSet images = new RandomInputs(1).images(NETWORK, 40);

  private static float[] measured(ImageSet images) {
    float[] weights = Initializer.UNIFORM.initialize(NETWORK, 1);
    Measured.write(NETWORK, images, weights);
    return weights;
  }

  private static float[] statistic(String name, float[] weights) {
    Statistic found =
        NETWORK.program().statistics().stream()
            .filter(s -> s.name().equals(name))
            .findFirst()
            .orElseThrow();
    return Arrays.copyOfRange(weights, found.offset(), found.end());
  }

  @Test
  void eachChannelHasMean0AndDeviation1AfterNormalize() {
    float[] weights = measured(images);
    float[] means = statistic("n/mean", weights);
    float[] deviations = statistic("n/deviation", weights);
    int plane = 35;
    for (int c = 0; c < 3; c++) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < 40 * plane; i++) {
        int pixel = images.pixels()[(i / plane * 3 + c) * plane + i % plane] & 0xFF;
        double value = (pixel / 255.0 - means[c]) / deviations[c];
        sum += value;
        squares += value * value;
      }
      assertEquals(0, sum / (40 * plane), 1e-6);
      assertEquals(1, squares / (40 * plane), 1e-6);
    }
  }

  @Test
  void aChannelThatNeverChangesIsShiftedAlone() {
    byte[] pixels = new byte[2 * 105];
    Arrays.fill(pixels, (byte) 51);
    float[] weights = measured(new ImageSet(new ImageFormat(5, 7, 3, 10), pixels, new byte[2]));
    assertEquals(0.2f, statistic("n/mean", weights)[1]);
    assertEquals(1, statistic("n/deviation", weights)[1]);
  }

  @Test
  void allElseStaysAsItWasDrawn() {
    float[] drawn = Initializer.UNIFORM.initialize(NETWORK, 1);
    float[] weights = measured(images);
    for (Statistic of : NETWORK.program().statistics()) {
      if (of.name().startsWith("n/")) {
        Arrays.fill(drawn, of.offset(), of.end(), 0);
        Arrays.fill(weights, of.offset(), of.end(), 0);
      }
    }
    assertEquals(Arrays.toString(drawn), Arrays.toString(weights));
  }
}
