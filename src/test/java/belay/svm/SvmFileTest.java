package belay.svm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import belay.backend.FloatMatrix;
import belay.backend.Kernels;
import belay.backend.reference.ReferenceKernelRows;
import belay.error.DataException;
import belay.hdf.Hdf5Writer;
import belay.storage.Fence;
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
  private static final Kernels KERNELS = ReferenceKernelRows::new;

  @TempDir Path directory;

  @Test
  void aModelReadBackPredictsTheSame() throws IOException {
    for (SvmSpec.Kernel kernel : SvmSpec.Kernel.values()) {
      FloatMatrix samples = samples();
      SvmModel model = train(kernel);
      int[] predictions = model.predict(samples, KERNELS, () -> false);
      Path file = directory.resolve(kernel + ".h5");
      SvmFile.write(
          file,
          model,
          new SvmFile.Judgement(labels(), predictions),
          Map.of("host", "x"),
          Fence.NONE);
      SvmModel read = SvmFile.readModel(file);
      assertArrayEquals(
          model.decisions(samples, KERNELS, () -> false),
          read.decisions(samples, KERNELS, () -> false));
      assertEquals(model.names(), read.names());
      assertEquals(model.kernel(), read.kernel());
      assertArrayEquals(predictions, SvmFile.readJudgement(file).predictions());
      assertArrayEquals(labels(), SvmFile.readJudgement(file).labels());
    }
  }

  @Test
  void refusesADamagedFile() throws IOException {
    Path file = directory.resolve("svm.h5");
    FloatMatrix samples = samples();
    SvmModel model = train(SvmSpec.Kernel.RBF);
    SvmFile.write(file, model, new SvmFile.Judgement(labels(), labels()), Map.of(), Fence.NONE);
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

  private static SvmModel train(SvmSpec.Kernel kernel) {
    SvmSpec spec = new SvmSpec(kernel, 10, OptionalDouble.empty(), 1e-3, 1 << 20, true, 1);
    return new SvmTrainer(spec, KERNELS, () -> false)
        .train(samples(), labels(), List.of("a", "b", "c"));
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
