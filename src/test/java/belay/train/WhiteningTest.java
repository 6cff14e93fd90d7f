package belay.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.EncodePlan;
import belay.backend.RandomInputs;
import belay.backend.reference.ReferenceBackend;
import belay.data.ImageSet;
import belay.net.Initializer;
import belay.net.Mark;
import belay.net.Network;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters of init=whiten, by what a network with them makes of the images. */
class WhiteningTest {
  private static final int COUNT = 60;

  /** Random images in which neighbours are alike, channels differ in their spread. */
  private static ImageSet images(Network network) {
    ImageSet random = new RandomInputs(7).images(network, COUNT);
    byte[] pixels = random.pixels().clone();
    for (int i = 1; i < pixels.length; i++) {
      int spread = 1 + i / 64 % 3;
      pixels[i] = (byte) (((pixels[i - 1] & 0xFF) + (pixels[i] & 0xFF) / spread) / 2);
    }
    return new ImageSet(random.format(), pixels, random.labels());
  }

  private static Network network(String lines) {
    return Network.parse(
        "test", "input 8x8x3\n" + lines.replace("; ", "\n") + "\nlatent\nlinear 10\nlogits");
  }

  private static float[] weights(Network network, ImageSet images) {
    float[] weights = Initializer.UNIFORM.initialize(network, 1);
    Measured.write(network, images, weights);
    return weights;
  }

  /** Mean products of two filters' values over all pixels [24, 24]. */
  private static double[][] products(Network network, ImageSet images, float[] weights) {
    int values = network.latent().size();
    float[] y = new float[COUNT * values];
    try (EncodePlan plan =
        new ReferenceBackend().compileEncoding(network, Mark.LATENT, COUNT, images, weights)) {
      plan.encode(0, COUNT, y);
    }
    double[][] means = new double[24][24];
    for (int pixel = 0; pixel < y.length; pixel += 24) {
      for (int i = 0; i < 24; i++) {
        for (int j = 0; j < 24; j++) {
          means[i][j] += (double) y[pixel + i] * y[pixel + j] / (y.length / 24);
        }
      }
    }
    return means;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "conv 24 kernel=2 padding=0 bias=no init=whiten",
        "normalize; conv 24 kernel=2 padding=0 bias=no init=whiten"
      })
  void valuesOfTwoFiltersHaveNothingInCommonAndEachNearlyLength1(String lines) {
    Network network = network(lines);
    ImageSet images = images(network);
    double[][] means = products(network, images, weights(network, images));
    double last = 1;
    for (int i = 0; i < 12; i++) {
      for (int j = 0; j < 12; j++) {
        double expected = i == j ? means[i][i] : 0;
        assertEquals(expected, means[i][j], 1e-4);
        assertEquals(-means[i][j], means[i][j + 12], 1e-6);
      }
      assertTrue(means[i][i] <= last + 1e-6 && means[i][i] > 0.1); // e / (e + 5e-4)
      last = means[i][i];
    }
    assertEquals(1, means[0][0], 1e-2);
  }

  @Test
  void onlyTheFirst5000ImagesCount() {
    Network network = network("conv 54 init=whiten");
    ImageSet few = new RandomInputs(3).images(network, 5000);
    byte[] pixels = Arrays.copyOf(few.pixels(), few.pixels().length + 192);
    Arrays.fill(pixels, few.pixels().length, pixels.length, (byte) 77);
    ImageSet more = new ImageSet(few.format(), pixels, Arrays.copyOf(few.labels(), 5001));
    assertArrayEquals(weights(network, few), weights(network, more));
  }

  @Test
  void jacobisRotationsFindKnownEigenvectors() {
    double[][] known = {{0.6, 0.8, 0}, {-0.48, 0.36, 0.8}, {0.64, -0.48, 0.6}};
    double[] values = {5, 0.25, 1e-6};
    double[][] matrix = new double[3][3];
    for (int k = 0; k < 3; k++) {
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
          matrix[i][j] += values[k] * known[k][i] * known[k][j];
        }
      }
    }
    SymmetricEigen of = SymmetricEigen.of(matrix);
    assertArrayEquals(values, of.values(), 1e-14);
    for (int k = 0; k < 3; k++) {
      assertArrayEquals(known[k], of.vectors()[k], 1e-9);
    }
  }
}
