package belay.backend.fusion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.backend.BackendContract;
import belay.net.Network;
import belay.net.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which operations run as one on every device; results depend on it in their last bits. */
public interface FusionsContract {
  Fusions fusions(Program program);

  /** As {@link PiecesTest#pieces} writes them. */
  default String pieces(String layers) {
    Program program = BackendContract.network(layers).program();
    return PiecesTest.pieces(program, fusions(program));
  }

  @ParameterizedTest
  @ValueSource(strings = {"autoencoder", "small"})
  default void theNetworksThatBelayComesWithAreFivePieces(String name) throws IOException {
    Path file = Path.of("conf/net", name + ".net");
    Program program = Network.parse(name, Files.readString(file)).program();
    assertEquals(
        "enc1 relu1 maxpool1, enc2 relu2 maxpool2, dec1 relu3, upsample1 dec2 relu4, upsample2 dec3",
        PiecesTest.pieces(program, fusions(program)));
  }

  @Test
  default void onlyAnUpsamplingBy2Before3x3BelongsToAConvolution() {
    assertEquals(
        "upsample1, conv1, maxpool1", pieces("input 6x6x1; latent; upsample 3; conv 1; maxpool 3"));
    assertEquals(
        "upsample1, conv1, maxpool1",
        pieces("input 6x6x1; latent; upsample 2; conv 1 kernel=5; maxpool 2"));
  }
}
