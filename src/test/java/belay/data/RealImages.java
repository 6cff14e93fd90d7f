package belay.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** Where this machine keeps part of the real CIFAR-10, if it does. */
public final class RealImages {
  private RealImages() {}

  public static Path require() {
    Path directory =
        Path.of(
            Optional.ofNullable(System.getenv("BELAY_TEST_DATA"))
                .orElse("../shared/data/cifar10-exact"));
    Assumptions.assumeTrue(
        Files.isDirectory(directory), () -> "no real images in " + directory.toAbsolutePath());
    return directory;
  }
}
