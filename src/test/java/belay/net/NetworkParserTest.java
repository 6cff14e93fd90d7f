package belay.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.OperationKinds;
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
import org.junit.jupiter.params.provider.ValueSource;

class NetworkParserTest {

  private static final String EVERY_KIND =
      """
      input 8x12x2
      conv 4 kernel=2 stride=1 padding=1 name=first bias=no
      batchnorm epsilon=0.001 momentum=0.5
      relu
      maxpool 3 stride=3
      name kept
      gelu
      conv 4
      silu
      add kept
      leaky-relu slope=0.2
      averagepool 3 stride=1 padding=1
      latent
      globalaveragepool
      dropout 0.25
      linear 4 bias=no name=score
      upsample 2 from=kept name=up
      conv 6 kernel=1
      linear 192 from=up name=image
      normalize from=input
      output from=input
      """;

  @Test
  void readsEveryKindOfLine() {
    Network network = Network.parse("x", EVERY_KIND);

    assertEquals(
        List.of(
            "first 1",
            "batchnorm1 2",
            "relu1 3",
            "maxpool1 4",
            "gelu1 5",
            "conv2 6",
            "silu1 7",
            "add1 8",
            "leaky-relu1 9",
            "averagepool1 10",
            "latent1 10 LATENT",
            "globalaveragepool1 11",
            "dropout1 12",
            "score 13",
            "up 14",
            "conv3 15",
            "image 16",
            "normalize1 17",
            "output1 0 OUTPUT"),
        network.lines().stream().map(NetworkParserTest::text).toList());
    assertEquals(kinds(), new HashSet<>(classes(network.program())));
  }

  private static String text(Line line) {
    return line.name() + " " + line.value() + line.mark().map(mark -> " " + mark).orElse("");
  }

  @Test
  void everyOptionReachesItsOperation() {
    Program program = Network.parse("x", EVERY_KIND).program();
    List<Parameter> p = program.parameters();
    List<Statistic> s = program.statistics();

    assertEquals(
        List.of(
            new Operation.Conv("first", 0, 1, new Window(2, 1, 1), p.get(0), Optional.empty()),
            new Operation.BatchNorm(
                "batchnorm1",
                1,
                2,
                Optional.of(p.get(1)),
                p.get(2),
                s.get(0),
                s.get(1),
                0.001f,
                0.5f),
            new Operation.Relu("relu1", 2, 3),
            new Operation.MaxPool("maxpool1", 3, 4, new Window(3, 3, 0)),
            new Operation.Activation("gelu1", 4, 5, new Curve.Gelu()),
            new Operation.Conv("conv2", 5, 6, new Window(3, 1, 1), p.get(3), Optional.of(p.get(4))),
            new Operation.Activation("silu1", 6, 7, new Curve.Silu()),
            new Operation.Add("add1", 7, 4, 8),
            new Operation.Activation("leaky-relu1", 8, 9, new Curve.LeakyRelu(0.2f)),
            new Operation.AveragePool("averagepool1", 9, 10, new Window(3, 1, 1)),
            new Operation.GlobalAveragePool("globalaveragepool1", 10, 11),
            new Operation.Dropout("dropout1", 11, 12, 0.25f),
            new Operation.Linear("score", 12, 13, p.get(5), Optional.empty()),
            new Operation.Upsample("up", 4, 14, 2),
            new Operation.Conv(
                "conv3", 14, 15, new Window(1, 1, 0), p.get(6), Optional.of(p.get(7))),
            new Operation.Linear("image", 14, 16, p.get(8), Optional.of(p.get(9))),
            new Operation.Normalize("normalize1", 0, 17, s.get(2), s.get(3))),
        program.operations());
    assertEquals(new Shape(9, 13, 4), program.shape(1));
    assertEquals(new Shape(3, 4, 4), program.shape(4));
    assertEquals(new Shape(3, 4, 4), program.shape(program.latent()));
    assertEquals(new Shape(1, 1, 4), program.shape(13));
  }

  private static Set<Class<?>> kinds() {
    return OperationKinds.all();
  }

  private static List<Class<?>> classes(Program program) {
    return program.operations().stream().<Class<?>>map(Object::getClass).toList();
  }

  @ParameterizedTest
  @CsvSource({"1, 8", "2, 7", "3, 8", "4, 7", "10, 7", "11, 8", "13, 8", "15, 8"})
  void withoutOptionsAConvolutionKeepsTheSidesUnlessItsKernelIsEven(int kernel, int side) {
    Network network =
        Network.parse(
            "x", "input 8x8x1\nconv 1 kernel=%d\nlatent\noutput from=input".formatted(kernel));
    assertEquals(new Shape(side, side, 1), network.latent());
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
          name a                                       | 1 | the first layer, and only the first
          input 4x4x1/input 4x4x1                      | 2 | the first layer, and only the first
          input                                        | 1 | input needs HEIGHTxWIDTHxCHANNELS: input
          input 4x4                                    | 1 | '4x4' is not a shape like 32x32x3
          input 0x4x1                                  | 1 | 0x4x1 has not between 1 and
          input 9999x9999x9                            | 1 | 9999x9999x9 has not between 1 and
          input 4x4x1 name=a                           | 1 | unexpected 'name=a', expected input
          input 4x4x1/convolution 3                    | 2 | unknown layer 'convolution', expected one of input, conv,
          input 4x4x1/conv                             | 2 | conv needs FILTERS: conv FILTERS [kernel=]
          input 4x4x1/conv kernel=3                    | 2 | conv needs FILTERS: conv FILTERS [kernel=]
          input 4x4x1/conv 0                           | 2 | '0' is not a whole number from 1 to 4096
          input 4x4x1/conv -3                          | 2 | '-3' is not a whole number
          input 4x4x1/conv 99999999999                 | 2 | '99999999999' is not a whole
          input 4x4x1/conv 3 kernel=16                 | 2 | kernel=16 must be at most 15
          input 4x4x1/conv 3 kernels=3                 | 2 | unexpected 'kernels=3', expected conv FILTERS [kernel=]
          input 4x4x1/conv 3 kernel=3 kernel=5         | 2 | kernel is given twice
          input 4x4x1/conv 3 stride=0                  | 2 | '0' is not a whole number from 1
          input 4x4x1/conv 3 padding=3                 | 2 | padding=3 must be less than the window's 3
          input 4x4x1/conv 3 kernel=7 padding=1        | 2 | a window of 7 is larger than 4x4x1
          input 4x4x1/conv 3 bias=none                 | 2 | bias=none must be yes or no
          input 4x4x1/conv 3 name=Enc                  | 2 | name=Enc must be lower-case
          input 4x4x1/conv 3 name=a/# c//conv 3 name=a | 5 | name=a is already taken
          input 4x4x1/conv 3 name=a..b                 | 2 | name=a..b must be lower-case
          input 4x4x1/relu name=aaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaa | 2 | the name aaaa
          input 4x4x1/conv 3 from=b                    | 2 | no line before is named 'b'
          input 4x4x1/relu 3                           | 2 | unexpected '3', expected relu [from=] [name=]
          input 4x4x1/linear 0                         | 2 | '0' is not a whole number from 1
          input 4x4x1/batchnorm epsilon=0              | 2 | '0' is not a number from 1e-12 to 1
          input 4x4x1/batchnorm momentum=2             | 2 | '2' is not a number from 1e-6 to 1
          input 4x4x1/batchnorm scale=2                | 2 | scale=2 must be yes or no
          input 1x1x3/relu/normalize                   | 3 | normalize reads the images: write it after input, or from=input
          input 9x9x1/conv 2 init=he                   | 2 | init=he must be one of drawn, dirac, unit-deviation, whiten
          input 9x9x1/linear 2 init=dirac              | 2 | init=dirac must be one of drawn, unit-deviation
          input 9x9x1/relu/conv 18 init=whiten         | 3 | init=whiten reads the images: write it after input or normalize
          input 9x9x1/conv 16 init=whiten              | 2 | init=whiten makes two filters for each of the kernel's 9 values: conv 18
          input 9x9x1/conv 162 kernel=9 init=whiten    | 2 | init=whiten takes kernels of at most 75 values, not 81
          input 1x1x3/logits scale=0                   | 2 | '0' is not a number from 1e-6 to 1000
          input 4x4x1/leaky-relu slope=1               | 2 | '1' is not a number from 0 to 0.999
          input 4x4x1/dropout                          | 2 | dropout needs RATE: dropout RATE
          input 4x4x1/dropout 1                        | 2 | '1' is not a number from 0 to 0.999
          input 4x4x1/add                              | 2 | add needs NAME: add NAME
          input 4x4x1/conv 2/add input                 | 3 | cannot add 4x4x1 to 4x4x2, expected equal shapes
          input 4x4x1/maxpool 3                        | 2 | maxpool 3 does not divide 4x4x1
          input 4x4x1/maxpool 1                        | 2 | '1' is not a whole number from 2
          input 4x4x1/averagepool 3                    | 2 | averagepool 3 does not divide 4x4x1
          input 4x4x1/averagepool 5 stride=1           | 2 | a window of 5 is larger than 4x4x1
          input 4x4x1/upsample                         | 2 | upsample needs FACTOR: upsample FACTOR
          input 4x4x1/upsample 4096                    | 2 | 16384x16384x1 has not between 1 and
          input 4x4x1/latent/latent                    | 3 | a second latent mark
          input 4x4x1/output/output                    | 3 | a second output mark
          input 4x4x1/conv 4096/conv 4096 kernel=15    | 3 | the network has more than 268435456
          input 99x99x9/linear 4096                    | 2 | the network has more than 268435456
          input 4x4x1/name a/name a                    | 3 | name=a is already taken
          input 4x4x1/latent                           | 2 | no layer with parameters, nothing to train
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

  @ParameterizedTest
  @ValueSource(strings = {"small", "residual-autoencoder"})
  void aMutatedFileIsANetworkOrOneLineOfComplaint(String name) throws IOException {
    byte[] original = Files.readAllBytes(Path.of("conf/net", name + ".net"));
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
