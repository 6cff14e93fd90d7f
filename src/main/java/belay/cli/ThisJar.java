package belay.cli;

import belay.error.ConfigurationException;
import belay.hdf.Sha256;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Where this program lies, and its digest. */
final class ThisJar {
  private static final FutureTask<String> DIGEST = new FutureTask<>(() -> Sha256.of(path()));

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

  /** Begins to compute the digest, so that nobody waits for it later. */
  static void digestAhead() {
    Thread thread = new Thread(DIGEST, "jar digest");
    thread.setDaemon(true);
    thread.start();
  }

  /** SHA-256 as sha256sum prints it; "unknown" for a folder of classes or an unreadable jar. */
  static String digest() {
    DIGEST.run(); // unless it has begun
    try {
      return DIGEST.get();
    } catch (ExecutionException e) {
      return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
