package belay.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
  private static Network network(String name) throws IOException {
    return Network.parse(name, Files.readString(Path.of("conf/net", name + ".net")));
  }

  @Test
  void theAutoencoderHasTheParametersOfTheReport() throws IOException {
    assertEquals(751_875, network("autoencoder").parameterCount());
  }

  @ParameterizedTest
  @ValueSource(strings = {"autoencoder", "small", "residual-autoencoder"})
  void theHeaderOfANetworkFileTellsItsParameterCount(String name) throws IOException {
    Network network = network(name);
    String count = "%,d parameters".formatted(network.parameterCount());

    assertEquals(true, network.text().contains(count), count);
  }

  @Test
  void everyValueOfTheAutoencoderHasItsShape() throws IOException {
    List<String> shapes =
        network("autoencoder").program().shapes().stream().map(Shape::toString).toList();

    assertEquals(
        List.of(
            "32x32x3",
            "32x32x256",
            "32x32x256",
            "16x16x256", // enc1, relu, maxpool
            "16x16x128",
            "16x16x128",
            "8x8x128", // enc2, relu, maxpool
            "8x8x128",
            "8x8x128",
            "16x16x128", // dec1, relu, upsample
            "16x16x256",
            "16x16x256",
            "32x32x256", // dec2, relu, upsample
            "32x32x3"), // dec3
        shapes);
  }

  @Test
  void theLatentValueIsTheEncodersLast() throws IOException {
    Network network = network("autoencoder");

    assertEquals(new Shape(8, 8, 128), network.latent());
    assertEquals(8_192, network.latent().size());
    assertEquals(
        network.program().operations().subList(0, 6), network.program().leadingTo(Mark.LATENT));
  }

  @Test
  void parametersLieOneAfterAnotherWithoutGaps() throws IOException {
    Network network = network("autoencoder");
    int end = 0;
    for (Parameter parameter : network.program().parameters()) {
      assertEquals(end, parameter.offset(), parameter.name());
      end = parameter.end();
    }
    assertEquals(network.parameterCount(), end);
  }

  @Test
  void statisticsLieBehindAllParameters() {
    Network network =
        Network.parse(
            "x", "input 4x4x2\nbatchnorm name=a\nconv 3\nlatent\nbatchnorm name=b\nconv 2");
    assertEquals(2 * 2 + (9 * 2 + 1) * 3 + 2 * 3 + (9 * 3 + 1) * 2, network.parameterCount());
    int first = network.parameterCount();
    assertEquals(
        List.of(
            new Statistic("a/mean", Statistic.Kind.MEAN, 2, first),
            new Statistic("a/variance", Statistic.Kind.VARIANCE, 2, first + 2),
            new Statistic("b/mean", Statistic.Kind.MEAN, 3, first + 4),
            new Statistic("b/variance", Statistic.Kind.VARIANCE, 3, first + 7)),
        network.program().statistics());
    assertEquals(first + 10, network.weightCount());
    float[] statistics =
        Arrays.copyOfRange(network.untrainedWeights(), first, network.weightCount());
    assertArrayEquals(new float[] {0, 0, 1, 1, 0, 0, 0, 1, 1, 1}, statistics);
  }

  @Test
  void aKernelIsHwioAndKnowsItsFans() throws IOException {
    Parameter kernel = network("autoencoder").program().parameters().get(2);

    assertEquals("enc2/w", kernel.name());
    assertEquals(List.of(3, 3, 256, 128), kernel.shape());
    assertEquals(Role.KERNEL, kernel.role());
    assertEquals(new Fans(9 * 256, 9 * 128), kernel.fans());
  }

  @Test
  void commentsAndSpacingDoNotChangeTheDigest() {
    String text = "input 4x4x1\nconv 1\nlatent\n";
    String spaced = "# a comment\n\n  input   4x4x1 # here\nconv\t1\n\nlatent\n\n";

    assertEquals(Network.parse("a", text).digest(), Network.parse("b", spaced).digest());
  }

  @Test
  void anyOtherLayerChangesTheDigest() {
    String digest = Network.parse("a", "input 4x4x1\nconv 1\nlatent\n").digest();

    for (String other :
        List.of(
            "input 8x4x1\nconv 1\nlatent\n",
            "input 4x4x1\nconv 1 kernel=5\nlatent\n",
            "input 4x4x1\nconv 1 name=other\nlatent\n",
            "input 4x4x1\nconv 1\nrelu\nlatent\n",
            "input 4x4x1\nlatent\nconv 1\n")) {
      assertNotEquals(digest, Network.parse("a", other).digest(), other);
    }
  }
}
