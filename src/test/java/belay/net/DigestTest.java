package belay.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Digests that stand in checkpoints and feature files: they hold for ever. */
class DigestTest {
  @ParameterizedTest
  @CsvSource({
    "autoencoder, 032cece23acf91edce8a80a5231a56920771e2beb8e6b0b6c8829aebc5d17997",
    "small, 274c6a4f6d09c07ba13718e6c2bb068599e3477c16780dae4217ced3db0f2e96"
  })
  void ofTheNetworksThatBelayComesWith(String name, String digest) throws IOException {
    String text = Files.readString(Path.of("conf/net", name + ".net"));
    assertEquals(digest, Network.parse(name, text).digest());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          input 4x4x1; conv 1; latent | 5222b903afa7a4ddd32b23aedfa6ed076cf6ed06d1409b20961392a921190811
          input 4x4x1; latent; conv 1 | afd5cc74447e346a66d4c273aa767d1cdd6121730dc49fe22f6379d808cbb85b
          input 8x12x2; conv 4 kernel=5 name=first; relu; maxpool 4; latent name=code; upsample 4 name=up; conv 2 | f92c98a509df2d2e58dd254a69b8df17ee623bc4a3af4929c3fb66d67c326874
          """)
  void ofEveryKindOfLine(String text, String digest) {
    assertEquals(digest, Network.parse("x", text.replace(';', '\n')).digest());
  }

  @Test
  void theCanonicalTextIsWrittenOut() {
    String text =
        "input 8x12x2\nconv 4 kernel=5 name=a\nrelu\nmaxpool 4\nlatent\nupsample 4\nconv 2";
    assertEquals(
        """
        input 8x12x2
        Conv[name=a, filters=4, kernel=5]
        Relu[name=relu1]
        MaxPool[name=maxpool1, size=4]
        Latent[name=latent1]
        Upsample[name=upsample1, factor=4]
        Conv[name=conv2, filters=2, kernel=3]
        """,
        Network.parse("x", text).canonicalText());
  }

  @Test
  void noLocaleChangesIt() {
    Locale before = Locale.getDefault();
    Network network = Network.parse("x", "input 4x4x1\nconv 1\nlatent\n");
    String digest = network.digest();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertEquals(digest, network.digest());
    } finally {
      Locale.setDefault(before);
    }
  }
}
