package belay.backend.fusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.BackendContract;
import belay.net.Mark;
import belay.net.Network;
import belay.net.Operation;
import belay.net.Program;
import belay.net.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which operations run as one, for backends that can do everything and nothing. */
public class PiecesTest {
  private static final Fusions ALL = new Always(true);
  private static final Fusions NONE = new Always(false);

  /** The same answer to every question. */
  private record Always(boolean answer) implements Fusions {
    @Override
    public boolean upsamples(Operation.Upsample upsample, Operation.Conv conv) {
      return answer;
    }

    @Override
    public boolean pools(Operation.MaxPool pool, boolean upsampled) {
      return answer;
    }

    @Override
    public boolean normalizesAndAdds() {
      return answer;
    }

    @Override
    public boolean normalizesAndRectifies() {
      return answer;
    }
  }

  /** Pieces of a whole network, as "conv1 relu1, maxpool1". */
  public static String pieces(String layers, Fusions fusions) {
    return pieces(BackendContract.network(layers).program(), fusions);
  }

  public static String pieces(Program program, Fusions fusions) {
    return Pieces.of(program, program.operations(), fusions).stream()
        .map(PiecesTest::names)
        .collect(Collectors.joining(", "));
  }

  private static String names(Piece piece) {
    return piece.operations().stream().map(Operation::name).collect(Collectors.joining(" "));
  }

  @Test
  void aConvolutionTakesTheUpsamplingBeforeItAndReluAndPoolingAfterIt() {
    String layers = "input 4x4x1; latent; upsample 4; conv 1; relu; maxpool 4; relu";
    assertEquals("upsample1 conv1 relu1 maxpool1, relu2", pieces(layers, ALL));
    assertEquals("upsample1, conv1 relu1, maxpool1, relu2", pieces(layers, NONE));
  }

  @Test
  void aPoolingWithoutAReluBeforeItRunsAlone() {
    assertEquals(
        "conv1, maxpool1, upsample1 conv2",
        pieces("input 4x4x1; latent; conv 1; maxpool 2; upsample 2; conv 1", ALL));
  }

  @Test
  void aMarkedValueStaysAValue() {
    assertEquals(
        "conv1, relu1, maxpool1, upsample1",
        pieces("input 4x4x1; conv 1; latent; relu; maxpool 2; upsample 2", ALL));
    assertEquals(
        "conv1 relu1, maxpool1, upsample1",
        pieces("input 4x4x1; conv 1; relu; latent; maxpool 2; upsample 2", ALL));
    assertEquals(
        "maxpool1, upsample1, conv1",
        pieces("input 4x4x1; maxpool 2; upsample 2; latent; conv 1", ALL));
  }

  @Test
  void aValueThatTwoReadStaysAValue() {
    Program chain = BackendContract.network("input 4x4x1; latent; conv 1; relu; relu").program();
    Operation.Relu second = new Operation.Relu("aside", 1, 3);
    Program fork =
        new Program(
            chain.shapes(),
            List.of(chain.operations().get(0), chain.operations().get(1), second),
            chain.parameters(),
            List.of(),
            Map.of(Mark.LATENT, 0, Mark.OUTPUT, 3));
    assertEquals("conv1, relu1, aside", pieces(fork, ALL));
  }

  @Test
  void aNormalizationTakesTheAdditionAndTheReluAfterIt() {
    String layers =
        "input 4x4x3; conv 3; relu name=a; batchnorm; add a; relu; latent; batchnorm; relu; conv 3";
    assertEquals("conv1 a, batchnorm1 add1 relu2, batchnorm2 relu3, conv2", pieces(layers, ALL));
    assertEquals(
        "conv1 a, batchnorm1, add1, relu2, batchnorm2, relu3, conv2", pieces(layers, NONE));
  }

  @Test
  void ofTwoNormalizationsTheFirstTakesTheirSum() {
    assertEquals(
        "conv1, side, main add1 relu1, conv2",
        pieces(
            "input 4x4x3; conv 3; batchnorm name=main; batchnorm name=side from=conv1;"
                + " add main; relu; latent; conv 3",
            ALL));
  }

  @Test
  void aNormalizationDoesNotTakeItsOwnDouble() {
    assertEquals(
        "a, add1, conv1", pieces("input 4x4x3; batchnorm name=a; add a; latent; conv 3", ALL));
  }

  @Test
  void readersThatDoNotRunDoNotCount() {
    Network network = BackendContract.network("input 4x4x1; conv 1; relu; latent; relu");
    Program program = network.program();
    Program fork =
        new Program(
            program.shapes(),
            List.of(
                program.operations().get(0),
                program.operations().get(1),
                new Operation.Relu("aside", 1, 3)),
            program.parameters(),
            List.of(),
            program.marks());
    String encoder =
        Pieces.of(fork, fork.leadingTo(Mark.LATENT), ALL).stream()
            .map(PiecesTest::names)
            .collect(Collectors.joining(", "));
    assertEquals("conv1 relu1", encoder);
  }

  /** The convolution's ReLU comes after an operation of another branch. */
  @Test
  void aPieceRunsWhereItsLastOperationDoes() {
    Program chain = BackendContract.network("input 4x4x1; latent; conv 1").program();
    Shape shape = chain.shape(0);
    Program program =
        new Program(
            List.of(shape, shape, shape, shape),
            List.of(
                chain.operations().get(0),
                new Operation.Relu("aside", 0, 2),
                new Operation.Relu("after", 1, 3)),
            chain.parameters(),
            List.of(),
            Map.of(Mark.LATENT, 0, Mark.OUTPUT, 3));
    assertEquals("aside, conv1 after", pieces(program, ALL));
  }

  static Stream<String> networks() {
    return BackendContract.networks().stream();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void everyOperationIsInOnePieceAndAfterWhatItReads(String layers) {
    Program program = BackendContract.network(layers).program();
    for (Fusions fusions : List.of(ALL, NONE)) {
      Set<Integer> defined = new HashSet<>(Set.of(0));
      for (Piece piece : Pieces.of(program, program.operations(), fusions)) {
        assertTrue(defined.containsAll(piece.inputs()), () -> names(piece));
        piece.operations().forEach(o -> assertTrue(defined.add(o.output()), o::name));
      }
      assertEquals(program.operations().size() + 1, defined.size());
    }
  }
}
