package belay.svm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.reference.ReferenceKernelRows;
import belay.error.BelayException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
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
      int[] counts = new int[3];
      Arrays.fill(counts, Integer.parseInt(arguments[0]) / counts.length);
      Samples samples = Samples.blobs(1, Integer.parseInt(arguments[1]), counts);
      SvmSpec spec =
          new SvmSpec(SvmSpec.Kernel.RBF, 10, OptionalDouble.empty(), 1e-2, 1L << 31, true, 4);
      try {
        new SvmTrainer(spec, ReferenceKernelRows::new, () -> false)
            .train(samples.features(), samples.labels(), List.of());
        System.out.println("trained");
      } catch (BelayException e) {
        System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
      }
    }
  }
}
