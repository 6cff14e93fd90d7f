package belay.svm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.FloatMatrix;
import belay.error.BelayException;
import belay.random.Philox;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Trains in Java processes of 96 MiB, with 2 GiB asked for kernels. */
class SmallHeapTest {
  @Test
  void solvesWithLessMemoryThanItWasAskedToUse() throws IOException, InterruptedException {
    String said = train(1_200, 4_096); // 19 MiB; all kernels at a time: 29 MiB
    assertTrue(said.contains("trained"), said);
    String capped = train(6_000, 64); // 1.5 MiB; all kernels at a time: 231 MiB
    assertTrue(capped.contains("wanted-mib="), capped);
    assertTrue(capped.contains("trained"), capped);
  }

  @Test
  void needsNoSecondCopyButOfTheSupportVectors() throws IOException, InterruptedException {
    String said = train(800, 10_240); // 31 MiB; a scaled copy and support vectors: 94 MiB
    assertTrue(said.contains("trained"), said);
  }

  @Test
  void saysAtOnceWhichHeapItNeeds() throws IOException, InterruptedException {
    String said = train(1_200, 10_240); // 47 MiB, and as much for support vectors
    assertEquals(1, said.lines().filter(line -> line.contains("java -Xmx")).count(), said);
    assertTrue(said.startsWith("DeviceException The SVM of 1,200 samples needs"), said);
  }

  private static String train(int samples, int features) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx96m",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                Integer.toString(samples),
                Integer.toString(features))
            .redirectErrorStream(true)
            .start();
    String said = new String(child.getInputStream().readAllBytes());
    child.waitFor();
    return said;
  }

  /** The process with the small heap. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      int[] labels = IntStream.range(0, Integer.parseInt(arguments[0])).map(i -> i % 3).toArray();
      int features = Integer.parseInt(arguments[1]);
      SvmSpec spec = HostSvm.spec(SvmSpec.Kernel.RBF, 10, 1L << 31, 4);
      try (SvmTrainer trainer =
          SvmTrainer.open(
              spec,
              labels,
              features,
              layout -> Optional.empty(),
              HostSvm.REFERENCE,
              HostSvm.GO_ON,
              PartTimer.NONE)) {
        Philox random = new Philox(1, Philox.Purpose.SYNTHETIC_IMAGES);
        for (int i = 0; i < labels.length; i++) {
          FloatMatrix row = new FloatMatrix(1, features);
          for (int k = 0; k < features; k++) {
            row.values()[k] = random.uniform(i, k) + (k % 3 == labels[i] ? 0.2f : 0);
          }
          trainer.put(HostSvm.direct(row, 0, 1), i, 1);
        }
        trainer.train(List.of(), SolvedProblems.unkept());
        System.out.println("trained");
      } catch (BelayException e) {
        System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
      }
    }
  }
}
