package belay.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

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

  private static final String BRANCHING =
      """
      input 8x8x2
      conv 4 stride=2 bias=no name=a
      batchnorm
      gelu
      latent
      conv 4 kernel=1
      add gelu1
      leaky-relu slope=0.2
      averagepool 2
      upsample 4 name=image
      conv 2 name=b from=image
      output
      """;

  @Test
  void ofANetworkThatBranches() {
    Network network = Network.parse("x", BRANCHING);
    assertEquals(
        """
        input 8x8x2
        Conv[name=a, filters=4, kernel=3, stride=2, bias=no]
        BatchNorm[name=batchnorm1]
        Activation[name=gelu1, curve=gelu]
        Latent[name=latent1]
        Conv[name=conv2, filters=4, kernel=1]
        Add[name=add1, left=4, right=3]
        Activation[name=leaky-relu1, curve=leaky-relu, slope=0.2]
        AveragePool[name=averagepool1, size=2]
        Upsample[name=image, factor=4]
        Conv[name=b, filters=2, kernel=3]
        """,
        network.canonicalText());
    assertEquals(
        "0b3fe2c7c8a3bb6f1b99901ac1fa572077190a61e0c2bdbcaa529d1fc3fa973d", network.digest());
  }

  /** A line beside the same one with an option that says what is usual. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          conv 2                     | kernel=3
          conv 2                     | stride=1
          conv 2                     | padding=1
          conv 2 kernel=4 stride=2   | padding=1
          conv 2                     | bias=yes
          conv 2                     | name=conv2
          conv 2                     | from=conv1
          linear 32                  | bias=yes
          conv 2                     | init=drawn
          linear 32                  | init=drawn
          batchnorm                  | epsilon=1e-5
          batchnorm                  | momentum=0.1
          batchnorm                  | scale=yes
          relu                       | name=relu1
          leaky-relu                 | slope=0.01
          maxpool 2                  | stride=2
          maxpool 2                  | padding=0
          averagepool 2              | stride=2
          averagepool 2              | padding=0
          averagepool 3 stride=1     | padding=0
          globalaveragepool          | from=conv1
          latent                     | from=conv1
          """)
  void whatIsUsualIsLeftOut(String line, String option) {
    String text = "input 8x8x2\nconv 2\n%s\n" + (line.equals("latent") ? "" : "latent\n");
    text += "output from=input";
    assertEquals(
        Network.parse("x", text.formatted(line)).canonicalText(),
        Network.parse("x", text.formatted(line + " " + option)).canonicalText());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          conv 2           | conv 2 stride=2
          conv 2           | conv 2 padding=0
          conv 2           | conv 2 bias=no
          conv 2           | conv 2 from=input
          linear 32        | linear 32 bias=no
          linear 32        | linear 32 init=unit-deviation
          conv 2           | conv 2 init=dirac
          batchnorm        | batchnorm epsilon=1e-4
          batchnorm        | batchnorm momentum=0.2
          batchnorm        | batchnorm scale=no
          batchnorm        | normalize from=input
          gelu             | silu
          relu             | gelu
          leaky-relu       | leaky-relu slope=0.02
          maxpool 2        | maxpool 2 stride=1
          maxpool 2        | maxpool 2 padding=1
          maxpool 2        | averagepool 2
          averagepool 2    | averagepool 2 stride=1
          dropout 0.25     | dropout 0.5
          add input        | add conv1
          """)
  void whatIsNotUsualIsInIt(String line, String other) {
    String text = "input 8x8x2\nconv 2\n%s\nlatent\noutput from=input";
    assertNotEquals(
        Network.parse("x", text.formatted(line)).digest(),
        Network.parse("x", text.formatted(other)).digest());
  }

  @Test
  void aScaleOfLogitsIsInItUnlessItIs1() {
    String text = "input 4x4x1\nlinear 3\nlatent\nlogits";
    String plain = Network.parse("x", text).canonicalText();
    assertEquals(plain, Network.parse("x", text + " scale=1").canonicalText());
    assertEquals(
        plain.replace("[name=logits1]", "[name=logits1, scale=0.125]"),
        Network.parse("x", text + " scale=0.125").canonicalText());
  }

  @Test
  void anOutputThatIsNotTheLastValueIsInIt() {
    String text = "input 4x4x1\nconv 1 name=a\nlatent\nrelu\n";
    assertEquals(
        Network.parse("x", text).canonicalText() + "Output[name=output1, value=1]\n",
        Network.parse("x", text + "output from=a").canonicalText());
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
