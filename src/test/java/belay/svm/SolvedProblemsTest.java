package belay.svm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.PairSolution;
import belay.error.StoppedException;
import belay.storage.Fence;
import belay.svm.host.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SolvedProblemsTest {
  private static final Map<String, String> ORIGIN = Map.of("features-sha256", "1", "svm.c", "1");
  private static final Samples SAMPLES = Samples.blobs(6, 3, 30, 32, 28, 25, 31);
  private static final int PROBLEMS = 10; // pairs of 5 classes
  private static final SvmSpec SPEC = spec(0);
  private static final SvmSpec CHOICE = spec(3);

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("svm-solved.h5");
  }

  @Test
  void aTrainingThatWasStoppedAnywhereEndsWithTheSameBits() {
    for (SvmSpec spec : List.of(SPEC, CHOICE)) {
      TrainedSvm undisturbed = train(spec, HostSvm.GO_ON, SolvedProblems.unkept());
      int stops = 0;
      for (int patience = 60; ; patience += 7) {
        try {
          assertSame(undisturbed, train(spec, after(patience), open(ORIGIN)));
          break;
        } catch (StoppedException e) {
          stops++;
        }
      }
      assertTrue(stops > 5, stops + " stops");
      open(ORIGIN).delete();
      assertFalse(Files.exists(file));
    }
  }

  @Test
  void whatIsSolvedIsNotSolvedAgain() throws IOException {
    for (int patience = 60; !Files.exists(file); patience += 7) {
      int looks = patience;
      assertThrows(StoppedException.class, () -> train(SPEC, after(looks), open(ORIGIN)));
    }
    Map<Integer, PairSolution> kept = SolvedFile.read(file).solutions();
    assertTrue(kept.size() < PROBLEMS, kept.size() + " kept");
    int index = kept.keySet().iterator().next();
    PairSolution one = kept.get(index);
    kept.put(index, new PairSolution(one.coefficients(), 17, 0, 1, true));
    SolvedFile.write(file, new SolvedFile.Content(ORIGIN, List.of(), kept), Fence.NONE);
    TrainedSvm trained = train(SPEC, HostSvm.GO_ON, open(ORIGIN));
    assertEquals(17, trained.model().functions().rho()[index]);
  }

  /** Its time tells whether the training gets on. */
  @Test
  void theFileStaysAsItIsWhereNothingIsSolved() throws IOException {
    SolvedProblems solved = open(ORIGIN);
    train(SPEC, HostSvm.GO_ON, solved);
    solved.save();
    FileTime longAgo = FileTime.fromMillis(1000);
    Files.setLastModifiedTime(file, longAgo);
    solved.save();
    open(ORIGIN).save();
    assertEquals(longAgo, Files.getLastModifiedTime(file));
  }

  @Test
  void solutionsOfAnotherOriginAreNotUsed() {
    SolvedProblems solved = open(ORIGIN);
    train(SPEC, HostSvm.GO_ON, solved);
    solved.save();
    SvmSpec other = HostSvm.spec(SvmSpec.Kernel.RBF, 50, 0, 1);
    assertSame(
        train(other, HostSvm.GO_ON, SolvedProblems.unkept()),
        train(other, HostSvm.GO_ON, open(Map.of("features-sha256", "1", "svm.c", "50"))));
  }

  @Test
  void solutionsThatDoNotFitTheProblemsAreNotUsed() {
    SolvedProblems solved = open(ORIGIN);
    HostSvm.train(
        SPEC,
        Samples.blobs(6, 3, 10, 9, 8, 11, 10),
        List.of(),
        HostSvm.REFERENCE,
        HostSvm.GO_ON,
        solved);
    solved.save();
    assertSame(
        train(SPEC, HostSvm.GO_ON, SolvedProblems.unkept()),
        train(SPEC, HostSvm.GO_ON, open(ORIGIN)));
  }

  @Test
  void aDamagedFileCostsOnlyTime() throws IOException {
    SolvedProblems solved = open(ORIGIN);
    TrainedSvm expected = train(SPEC, HostSvm.GO_ON, solved);
    solved.save();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertSame(expected, train(SPEC, HostSvm.GO_ON, open(ORIGIN)));
  }

  private SolvedProblems open(Map<String, String> origin) {
    return SolvedProblems.open(file, origin, Fence.NONE, 0);
  }

  private static SvmSpec spec(int folds) {
    List<Double> c = folds == 0 ? List.of(1.0) : List.of(1.0, 8.0);
    List<OptionalDouble> gamma =
        folds == 0
            ? List.of(OptionalDouble.empty())
            : List.of(OptionalDouble.of(0.1), OptionalDouble.of(0.4));
    Grid grid = new Grid(c, gamma, folds, 1);
    return HostSvm.spec(SvmSpec.Kernel.RBF, grid, new ClassWeights.Equal(), 0, 1);
  }

  private static TrainedSvm train(SvmSpec spec, BooleanSupplier stop, SolvedProblems solved) {
    return HostSvm.train(spec, SAMPLES, List.of(), HostSvm.REFERENCE, stop, solved);
  }

  /** Stops at the look with that number. */
  private static BooleanSupplier after(int looks) {
    AtomicInteger asked = new AtomicInteger();
    return () -> asked.incrementAndGet() > looks;
  }

  private static void assertSame(TrainedSvm expected, TrainedSvm actual) {
    assertArrayEquals(
        expected.model().functions().coefficients(), actual.model().functions().coefficients());
    assertArrayEquals(expected.model().functions().rho(), actual.model().functions().rho());
    assertArrayEquals(expected.model().supportRows(), actual.model().supportRows());
    assertEquals(expected.iterations(), actual.iterations());
    assertEquals(
        expected.selection().map(Selection::best), actual.selection().map(Selection::best));
    expected
        .selection()
        .ifPresent(
            chosen ->
                assertArrayEquals(chosen.accuracy(), actual.selection().orElseThrow().accuracy()));
  }
}
