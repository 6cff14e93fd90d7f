package belay.backend.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.backend.fusion.PiecesTest;
import belay.net.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which operations are one stage; results depend on it in their last bits. */
class OnednnFusionsTest {
  private static String pieces(String layers) {
    return PiecesTest.pieces(layers, new OnednnFusions());
  }

  @ParameterizedTest
  @ValueSource(strings = {"autoencoder", "small"})
  void theNetworksThatBelayComesWithAreFiveStages(String name) throws IOException {
    Network network = Network.parse(name, Files.readString(Path.of("conf/net", name + ".net")));
    assertEquals(
        "enc1 relu1 maxpool1, enc2 relu2 maxpool2, dec1 relu3, upsample1 dec2 relu4, upsample2 dec3",
        PiecesTest.pieces(network.program(), new OnednnFusions()));
  }

  @Test
  void everyPoolingAfterAReluBelongsToAConvolution() {
    assertEquals(
        "conv1 relu1 maxpool1, conv2, upsample1",
        pieces("input 6x6x1; latent; conv 1; relu; maxpool 3; conv 1; upsample 3"));
    assertEquals(
        "upsample1 conv1 relu1 maxpool1",
        pieces("input 6x6x1; latent; upsample 2; conv 1; relu; maxpool 2"));
  }

  @Test
  void onlyAnUpsamplingBy2Before3x3BelongsToAConvolution() {
    assertEquals(
        "upsample1, conv1, maxpool1", pieces("input 6x6x1; latent; upsample 3; conv 1; maxpool 3"));
    assertEquals(
        "upsample1, conv1, maxpool1",
        pieces("input 6x6x1; latent; upsample 2; conv 1 kernel=5; maxpool 2"));
  }
}
