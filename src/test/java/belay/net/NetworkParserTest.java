package belay.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkParserTest {

  @Test
  void readsEveryKindOfLayer() {
    Network network =
        Network.parse(
            "x",
            """
            input 8x12x2
            conv 4 kernel=5 name=first
            relu
            maxpool 4
            latent
            upsample 4
            conv 2
            """);

    assertEquals(
        List.of(
            new Line("first", 1, Optional.empty()),
            new Line("relu1", 2, Optional.empty()),
            new Line("maxpool1", 3, Optional.empty()),
            new Line("latent1", 3, Optional.of(Mark.LATENT)),
            new Line("upsample1", 4, Optional.empty()),
            new Line("conv2", 5, Optional.empty())),
        network.lines());
    Program program = network.program();
    List<Parameter> p = program.parameters();
    assertEquals(
        List.of(
            new Operation.Conv("first", 0, 1, new Window(5, 1, 2), p.get(0), Optional.of(p.get(1))),
            new Operation.Relu("relu1", 1, 2),
            new Operation.MaxPool("maxpool1", 2, 3, new Window(4, 4, 0)),
            new Operation.Upsample("upsample1", 3, 4, 4),
            new Operation.Conv(
                "conv2", 4, 5, new Window(3, 1, 1), p.get(2), Optional.of(p.get(3)))),
        program.operations());
    assertEquals(new Shape(2, 3, 4), network.latent());
    assertEquals(kinds(), new HashSet<>(classes(program)));
  }

  private static Set<Class<?>> kinds() {
    return Set.of(Operation.class.getPermittedSubclasses());
  }

  private static List<Class<?>> classes(Program program) {
    return program.operations().stream().<Class<?>>map(Object::getClass).toList();
  }

  @Test
  void readsLinesOfAnotherSystem() {
    assertEquals(10, Network.parse("x", "input 4x4x1\r\nconv 1\r\nlatent\r\n").parameterCount());
  }

  /** In a text, / stands for the end of a line. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          conv 3                                       | 1 | the first layer, and only the first
          input 4x4x1/input 4x4x1                      | 2 | the first layer, and only the first
          input                                        | 1 | 'input' needs a size
          input 4x4                                    | 1 | '4x4' is not a shape like 32x32x3
          input 0x4x1                                  | 1 | 0x4x1 has not between 1 and
          input 9999x9999x9                            | 1 | 9999x9999x9 has not between 1 and
          input 4x4x1 name=a                           | 1 | unexpected 'name=a' after input
          input 4x4x1/convolution 3                    | 2 | unknown layer 'convolution', expected
          input 4x4x1/conv                             | 2 | 'conv' needs a size
          input 4x4x1/conv 0                           | 2 | '0' is not a whole number from 1 to 4096
          input 4x4x1/conv -3                          | 2 | '-3' is not a whole number
          input 4x4x1/conv 99999999999                 | 2 | '99999999999' is not a whole
          input 4x4x1/conv 3 kernel=2                  | 2 | kernel=2 must be odd and at most 15
          input 4x4x1/conv 3 kernel=17                 | 2 | kernel=17 must be odd and at most 15
          input 4x4x1/conv 3 kernels=3                 | 2 | unexpected 'kernels=3' after conv
          input 4x4x1/conv 3 kernel=3 kernel=5         | 2 | kernel is given twice
          input 4x4x1/conv 3 name=Enc                  | 2 | name=Enc must be lower-case
          input 4x4x1/conv 3 name=a/# c//conv 3 name=a | 5 | name=a is already taken
          input 4x4x1/relu 3                           | 2 | unexpected '3' after relu
          input 4x4x1/maxpool 3                        | 2 | maxpool 3 does not divide 4x4x1
          input 4x4x1/maxpool 1                        | 2 | '1' is not a whole number from 2
          input 4x4x1/upsample                         | 2 | 'upsample' needs a size
          input 4x4x1/upsample 4096                    | 2 | 16384x16384x1 has not between 1 and
          input 4x4x1/latent/latent                    | 3 | a second latent mark
          input 4x4x1/conv 4096/conv 4096 kernel=15    | 3 | the network has more than 268435456
          input 4x4x1/latent                           | 2 | no conv layer, nothing to train
          input 4x4x1/conv 1                           | 2 | no latent mark: write 'latent' after
          input 4x4x1/conv 2/latent                    | 3 | the output is 4x4x2, an autoencoder
          # nothing                                    | 1 | no layers
          """)
  void namesTheLineAndTheExpectation(String text, int line, String expectation) {
    ConfigurationException problem =
        assertThrows(
            ConfigurationException.class, () -> Network.parse("bad", text.replace('/', '\n')));

    assertTrue(
        problem.getMessage().startsWith("bad.net:" + line + ": " + expectation),
        problem::getMessage);
  }

  @Test
  void aNetworkHasNoMoreLayersAndLinesThanItsCheckpointCanKeep() {
    String head = "input 8x8x3\nlatent\n";
    String deepest = head + "conv 3\n".repeat(511);
    assertEquals(512, Network.parse("deep", deepest).lines().size());
    assertProblem("deep.net:514: the network has more than 512 layers", deepest + "relu");
    assertProblem("deep.net:514: the network has more", head + "relu\n".repeat(60_000));
    String line = " has at most 4000 lines of 1000 characters";
    assertProblem("deep.net:1: a network" + line, "#".repeat(1001));
    assertProblem("deep.net:4001: a network" + line, "\n".repeat(4001));
  }

  private static void assertProblem(String said, String text) {
    String message =
        assertThrows(ConfigurationException.class, () -> Network.parse("deep", text)).getMessage();
    assertTrue(message.startsWith(said), message);
  }

  @Test
  void aMutatedFileIsANetworkOrOneLineOfComplaint() throws IOException {
    byte[] original = Files.readAllBytes(Path.of("conf/net/small.net"));
    Random random = new Random(11);
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      byte[] mutated = original.clone();
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        mutated[random.nextInt(mutated.length)] = (byte) (1 + random.nextInt(127));
      }
      String text = new String(mutated, StandardCharsets.ISO_8859_1);
      try {
        Network.parse("mutated", text);
      } catch (ConfigurationException e) {
        refused++;
        assertTrue(e.getMessage().matches("mutated\\.net:\\d+: .+"), e::getMessage);
        assertFalse(e.getMessage().contains("\n"), e::getMessage);
      }
    }
    assertTrue(refused > 100, "only " + refused + " were refused");
  }
}
