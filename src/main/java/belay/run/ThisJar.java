package belay.run;

import belay.error.ConfigurationException;
import belay.hdf.Sha256;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/** Where this program lies, and its digest. */
public final class ThisJar {
  private static final Logger LOG = System.getLogger("belay");
  private static final String CLASS = ".class";

  /**
   * Other versions of Java; what fetches data and reads configurations, before the work begins;
   * compression, which no file of ours has.
   */
  private static final Pattern NOT_NEEDED =
      Pattern.compile("META-INF/|org/apache/commons/(?!lang3/)|com/ning/|net/jpountz/");

  private static final FutureTask<String> DIGEST = new FutureTask<>(() -> Sha256.of(path()));

  /** jhdf looks into the jar for its logger when it begins, and is told to be silent first. */
  private static final Set<String> INITIALISED = Set.of("belay.hdf.Hdf5Reader", "io.jhdf.HdfFile");

  private ThisJar() {}

  /** The jar that runs, or the folder of classes in a test. */
  public static Path path() {
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

  /**
   * Begins to load every class that a stage may still need, so that it stops, saves and ends in
   * good order though somebody rebuilds the jar in place meanwhile. Costs about 0.3 s of processor
   * time on a thread of its own.
   */
  static void loadAhead() {
    Thread thread = new Thread(ThisJar::load, "jar classes");
    thread.setDaemon(true);
    thread.start();
  }

  private static void load() {
    ClassLoader loader = ThisJar.class.getClassLoader();
    try (JarFile jar = new JarFile(path().toFile())) {
      jar.stream()
          .map(JarEntry::getName)
          .filter(name -> name.endsWith(CLASS) && !NOT_NEEDED.matcher(name).lookingAt())
          .map(name -> name.substring(0, name.length() - CLASS.length()).replace('/', '.'))
          .sorted(Comparator.comparing(name -> !name.startsWith("belay."))) // ours first
          .forEach(name -> load(name, loader));
    } catch (IOException | ConfigurationException noJar) {
      LOG.log(Level.DEBUG, "classes stay where they are: " + noJar);
    }
  }

  private static void load(String name, ClassLoader loader) {
    try {
      Class.forName(name, INITIALISED.contains(name), loader);
    } catch (ClassNotFoundException | LinkageError e) {
      // Libraries have classes for others that are not here.
    }
  }

  /** SHA-256 as sha256sum prints it; "unknown" for a folder of classes or an unreadable jar. */
  public static String digest() {
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
