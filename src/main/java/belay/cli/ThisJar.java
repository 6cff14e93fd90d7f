package belay.cli;

import belay.error.ConfigurationException;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where this program lies. */
final class ThisJar {
  private ThisJar() {}

  /** The jar that runs, or the folder of classes in a test. */
  static Path path() {
    try {
      return Path.of(ThisJar.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new ConfigurationException(
          "Cannot tell where belay.jar lies; start it with java -jar", e);
    }
  }
}
