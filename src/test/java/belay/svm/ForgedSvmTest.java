package belay.svm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import belay.backend.FloatMatrix;
import belay.error.DataException;
import belay.hdf.Forgery;
import belay.hdf.Forgery.Part;
import belay.hdf.MadeBy;
import belay.storage.Fence;
import belay.svm.host.Samples;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Classifiers whose digests and seal are right, and whose content no training writes. */
class ForgedSvmTest {
  private static final int[] LABELS = IntStream.range(0, 60).map(i -> i % 3).toArray();

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void train() throws IOException {
    Random random = new Random(1);
    FloatMatrix samples = new FloatMatrix(60, 5);
    for (int i = 0; i < samples.values().length; i++) {
      samples.values()[i] = (float) random.nextGaussian() + LABELS[i / 5];
    }
    Grid grid = new Grid(List.of(1.0, 10.0), List.of(OptionalDouble.of(3)), 4, 9);
    TrainedSvm trained =
        HostSvm.train(
            HostSvm.spec(SvmSpec.Kernel.RBF, grid, new ClassWeights.Balanced(), 1 << 20, 1),
            new Samples(samples, LABELS),
            List.of("a", "b", "c"),
            HostSvm.REFERENCE,
            HostSvm.GO_ON);
    file = directory.resolve("svm.h5");
    SvmFile.Judgement test = new SvmFile.Judgement(LABELS, LABELS);
    SvmFile.write(file, trained, test, new MadeBy(Map.of(), Map.of()), Fence.NONE);
  }

  static Stream<Arguments> models() {
    return Stream.of(
        forged("/model/classes[0]", f -> f.put("/model/classes", ints(-1, 0, 1))),
        forged("[2] is 2147483647", f -> f.put("/model/classes", ints(0, 1, 2147483647))),
        forged("two or more different", f -> f.put("/model/classes", ints(2, 1, 0))),
        forged("two or more different", f -> f.put("/model/classes", ints(7))),
        forged("/model/classes has shape []", f -> scalar(f, "/model/classes")),
        forged("the number of /model/names", f -> f.put("/model/names", Part.of("a", "b"))),
        forged("/model/names[1] is no name", f -> f.put("/model/names", Part.of("a", "\r", "c"))),
        forged("/model/mean has shape [2]", f -> f.put("/model/mean", doubles(1, 1))),
        forged("/model/mean[4] is NaN", f -> f.put("/model/mean", doubles(1, 1, 1, 1, NAN))),
        forged("/model/deviation has shape", f -> f.put("/model/deviation", doubles(1, 1))),
        forged("/model/deviation[0]", f -> f.put("/model/deviation", doubles(0, 1, 1, 1, 1))),
        forged("/model/deviation[1]", f -> f.put("/model/deviation", doubles(1, -1, 1, 1, 1))),
        forged("/model/weights has shape [1]", f -> f.put("/model/weights", doubles(1))),
        forged("/model/weights[2] is -1", f -> f.put("/model/weights", doubles(1, 1, -1))),
        forged("/model/rho has shape [2]", f -> f.put("/model/rho", doubles(1, 1))),
        forged("/model/rho[1] is Infinity", f -> f.put("/model/rho", doubles(1, 1 / 0.0, 1))),
        forged("/model/coefficients has shape", f -> f.put("/model/coefficients", doubles(1, 1))),
        forged("/model/coefficients[0] is NaN", f -> fill(f, "/model/coefficients", NAN)),
        forged("/model/coefficients[0] is 99", f -> fill(f, "/model/coefficients", 99)),
        forged("/model/support_counts", f -> f.put("/model/support_counts", ints(1, 1))),
        forged("[0] is -1", f -> f.put("/model/support_counts", ints(-1, 60, 1))),
        forged("are 3 in all", f -> f.put("/model/support_counts", ints(1, 1, 1))),
        forged("/model/support_rows has shape", f -> f.put("/model/support_rows", ints(1))),
        forged("/model/support has shape []", f -> scalar(f, "/model/support")),
        forged("/model/support has shape", f -> flat(f, "/model/support")),
        forged("/model@gamma is NaN", f -> f.put("/model@gamma", NAN)),
        forged("/model@gamma is -3", f -> f.put("/model@gamma", -3.0)),
        forged("/model@c is 0", f -> f.put("/model@c", 0.0)),
        forged("/model@c is a String", f -> f.put("/model@c", "ten")),
        forged("/model@kernel is neither", f -> f.put("/model@kernel", "polynomial")),
        forged("lacks the attribute /model@kernel", f -> f.remove("/model@kernel")));
  }

  static Stream<Arguments> judgements() {
    return Stream.of(
        forged("none of /model/classes", f -> f.put("/test/predictions", same(60, 3))),
        forged("/test/predictions[0] is -1", f -> f.put("/test/predictions", same(60, -1))),
        forged("/test/labels[0] is 2147483647", f -> f.put("/test/labels", same(60, 2147483647))),
        forged("/test/predictions has shape", f -> f.put("/test/predictions", same(59, 1))),
        forged("/test/labels has shape []", f -> scalar(f, "/test/labels")));
  }

  static Stream<Arguments> selections() {
    return Stream.of(
        forged("/selection/gamma has shape", f -> f.put("/selection/c", doubles(1))),
        forged("/selection has no candidate", f -> f.put("/selection/c", doubles())),
        forged("/selection/c[1] is -1", f -> f.put("/selection/c", doubles(1, -1))),
        forged("/selection/gamma has shape", f -> f.put("/selection/gamma", doubles(1))),
        forged("/selection/accuracy has shape", f -> f.put("/selection/accuracy", doubles(1))),
        forged("/selection/accuracy[0] is NaN", f -> fill(f, "/selection/accuracy", NAN)),
        forged("/selection/accuracy[0] is 7", f -> fill(f, "/selection/accuracy", 7)),
        forged("/selection@seed", f -> f.remove("/selection@seed")));
  }

  private static final double NAN = Double.NaN;

  private static Arguments forged(String said, Consumer<Forgery> change) {
    return arguments(said, change);
  }

  private static Part ints(int... values) {
    return Part.of(new long[] {values.length}, values);
  }

  private static Part same(int count, int value) {
    return ints(IntStream.generate(() -> value).limit(count).toArray());
  }

  private static Part doubles(double... values) {
    return Part.of(new long[] {values.length}, values);
  }

  private static void fill(Forgery forgery, String path, double first) {
    Part part = forgery.datasets().get(path);
    double[] values = new double[part.bytes().length / Double.BYTES];
    values[0] = first;
    forgery.put(path, Part.of(part.shape().stream().mapToLong(x -> x).toArray(), values));
  }

  private static void scalar(Forgery forgery, String path) {
    boolean isFloat = forgery.datasets().get(path).type().equals("float32");
    long[] none = {};
    forgery.put(path, isFloat ? Part.of(none, 1f) : Part.of(none, 1));
  }

  private static void flat(Forgery forgery, String path) {
    Part part = forgery.datasets().get(path);
    forgery.put(path, part.reshaped(part.bytes().length / Float.BYTES));
  }

  @ParameterizedTest
  @MethodSource("models")
  void aForgedModelIsRefusedInOneLine(String said, Consumer<Forgery> change) throws IOException {
    forge(change);
    assertProblem(said, () -> SvmFile.readModel(file));
    assertProblem(said, () -> SvmFile.readOutline(file));
    assertProblem(said, () -> SvmFile.verified(file, () -> false));
  }

  @ParameterizedTest
  @MethodSource("judgements")
  void aForgedJudgementIsRefusedInOneLine(String said, Consumer<Forgery> change)
      throws IOException {
    forge(change);
    assertProblem(said, () -> SvmFile.readJudgement(file));
  }

  @ParameterizedTest
  @MethodSource("selections")
  void aForgedSelectionIsRefusedInOneLine(String said, Consumer<Forgery> change)
      throws IOException {
    forge(change);
    assertProblem(said, () -> SvmFile.readSelection(file));
    assertProblem(said, () -> SvmFile.verified(file, () -> false));
  }

  @Test
  void supportVectorsThatAreNoNumbersAreRefused() throws IOException {
    Part support = Forgery.of(file).datasets().get("/model/support");
    support.bytes()[3] = 0x7f;
    support.bytes()[2] = (byte) 0xff;
    forge(f -> f.put("/model/support", support));
    assertProblem("/model/support[0] is NaN", () -> SvmFile.readModel(file));
  }

  @Test
  void whatIsNotChangedReadsAsBefore() throws IOException {
    SvmModel before = SvmFile.readModel(file);
    forge(f -> {});
    SvmModel after = SvmFile.readModel(file);
    assertArrayEquals(before.functions().coefficients(), after.functions().coefficients());
    assertArrayEquals(LABELS, SvmFile.readJudgement(file).labels());
    assertEquals(2, SvmFile.readSelection(file).get().candidates().size());
  }

  private void forge(Consumer<Forgery> change) throws IOException {
    Forgery forgery = Forgery.of(file);
    change.accept(forgery);
    forgery.write(file);
  }

  private static void assertProblem(String said, Runnable reading) {
    String problem = assertThrows(DataException.class, reading::run).getMessage();
    assertTrue(problem.contains(said), problem);
    assertEquals(1, problem.lines().count(), problem);
  }
}
