package belay.svm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.FloatMatrix;
import belay.error.DataException;
import belay.error.StoppedException;
import belay.hdf.Hdf5Writer;
import belay.hdf.MadeBy;
import belay.storage.Fence;
import belay.svm.host.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SvmFileTest {
  @TempDir Path directory;

  @Test
  void aModelReadBackPredictsTheSame() throws IOException {
    for (SvmSpec.Kernel kernel : SvmSpec.Kernel.values()) {
      FloatMatrix samples = samples();
      TrainedSvm trained = train(kernel);
      SvmModel model = trained.model();
      int[] predictions = HostSvm.predict(model, samples);
      Path file = directory.resolve(kernel + ".h5");
      SvmFile.write(
          file,
          trained,
          new SvmFile.Judgement(labels(), predictions),
          new MadeBy(Map.of("host", "x"), Map.of("svm.c", "3")),
          Fence.NONE);
      SvmModel read = SvmFile.readModel(file);
      assertArrayEquals(HostSvm.decisions(model, samples), HostSvm.decisions(read, samples));
      assertArrayEquals(model.weights(), read.weights());
      assertArrayEquals(model.support().matrix().values(), read.support().matrix().values());
      assertEquals("x", SvmFile.verified(file, HostSvm.GO_ON).get("host"));
      assertThrows(StoppedException.class, () -> SvmFile.verified(file, () -> true));
      assertTrue(SvmFile.readSelection(file).isEmpty());
      assertEquals(model.names(), read.names());
      assertEquals(model.kernel(), read.kernel());
      assertArrayEquals(predictions, SvmFile.readJudgement(file).predictions());
      assertArrayEquals(labels(), SvmFile.readJudgement(file).labels());
    }
  }

  @Test
  void refusesADamagedFile() throws IOException {
    Path file = directory.resolve("svm.h5");
    TrainedSvm model = train(SvmSpec.Kernel.RBF);
    SvmFile.write(
        file,
        model,
        new SvmFile.Judgement(labels(), labels()),
        new MadeBy(Map.of(), Map.of()),
        Fence.NONE);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 3] ^= 4;
    Files.write(file, bytes);
    assertThrows(DataException.class, () -> SvmFile.readModel(file));
  }

  @Test
  void aForeignFileIsClosedAgain() throws IOException {
    Path file = directory.resolve("foreign.h5");
    try (Hdf5Writer writer = Hdf5Writer.create(file)) {
      writer.ints("/numbers", new int[] {1});
      writer.publish(Fence.NONE);
    }
    assertThrows(DataException.class, () -> SvmFile.readModel(file));
    Path descriptors = Path.of("/proc/self/fd");
    Assumptions.assumeTrue(Files.exists(descriptors), "no list of open files");
    try (Stream<Path> open = Files.list(descriptors)) {
      assertFalse(open.anyMatch(link -> leadsTo(link, file)));
    }
  }

  private static boolean leadsTo(Path link, Path file) {
    try {
      return Files.readSymbolicLink(link).equals(file.toRealPath());
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  @Test
  void keepsTheScoresThatCandidatesWereChosenBy() throws IOException {
    Grid grid =
        new Grid(List.of(1.0, 10.0), List.of(OptionalDouble.empty(), OptionalDouble.of(3)), 4, 9);
    TrainedSvm trained = train(SvmSpec.Kernel.RBF, grid);
    Path file = directory.resolve("selected.h5");
    SvmFile.write(
        file,
        trained,
        new SvmFile.Judgement(labels(), labels()),
        new MadeBy(Map.of(), Map.of()),
        Fence.NONE);
    Selection expected = trained.selection().orElseThrow();
    Selection read = SvmFile.readSelection(file).orElseThrow();
    assertEquals(expected.candidates(), read.candidates());
    assertArrayEquals(expected.accuracy(), read.accuracy());
    assertEquals(9, read.seed());
    assertEquals(expected.best(), read.best());
  }

  private static TrainedSvm train(SvmSpec.Kernel kernel) {
    return train(kernel, Grid.single(10, OptionalDouble.empty()));
  }

  private static TrainedSvm train(SvmSpec.Kernel kernel, Grid grid) {
    return HostSvm.train(
        HostSvm.spec(kernel, grid, new ClassWeights.Balanced(), 1 << 20, 1),
        new Samples(samples(), labels()),
        List.of("a", "b", "c"),
        HostSvm.REFERENCE,
        HostSvm.GO_ON);
  }

  /** Three overlapping clouds of 20 samples with 5 features. */
  private static FloatMatrix samples() {
    Random random = new Random(1);
    FloatMatrix samples = new FloatMatrix(60, 5);
    for (int i = 0; i < samples.values().length; i++) {
      samples.values()[i] = (float) (random.nextGaussian() + labels()[i / 5]);
    }
    return samples;
  }

  private static int[] labels() {
    int[] labels = new int[60];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % 3;
    }
    return labels;
  }
}
