package belay.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import belay.error.ConfigurationException;
import belay.storage.DiskProblem;
import belay.storage.Ownership;
import belay.storage.PlainFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Where that lies which the jobs of a run execute, and what the scheduler writes for them. Nobody
 * but their user may put another file there, since it would be run, or written over, as that user:
 * RUN/jobs, or a directory of the user's own where others may write into the run directory. Its
 * path has no symbolic links, which somebody could turn.
 *
 * @param scripts directory of scripts and the job body
 * @param programs directory of the jar
 * @param log of the scheduler's own words for a single job; empty for a file beside the script
 * @param reason why this is not RUN/jobs; empty if it is
 */
public record JobPlace(Path scripts, Path programs, Optional<Path> log, Optional<String> reason) {
  private static final String JOBS = "jobs";
  private static final int DIGITS = 12; // of the digest that tells runs of one name apart

  /** The place of a run, which need not exist: writes nothing. */
  public static JobPlace of(Path run, Map<String, String> environment) {
    try {
      Path real = real(run.toAbsolutePath());
      Optional<String> weakness = Ownership.weakness(real.resolve(JOBS));
      return weakness.isEmpty() ? inside(real) : outside(real, weakness, environment);
    } catch (IOException e) {
      throw DiskProblem.of("look at", run, e);
    }
  }

  /**
   * Makes the run directory with what jobs need, and their place.
   *
   * @throws ConfigurationException if there is no place into which only this user can write
   */
  public static JobPlace make(Path run, Map<String, String> environment) {
    try {
      Files.createDirectories(run);
      PlainFile.directory(run.resolve("logs"));
      boolean isOwn = Ownership.weakness(run).isEmpty();
      // Of a run that is shared on purpose, others record their jobs too.
      PlainFile.directory(
          run.resolve(JOBS),
          isOwn ? new FileAttribute<?>[] {mode("rwxr-xr-x")} : new FileAttribute<?>[0]);
      JobPlace place = of(run, environment);
      if (place.reason().isPresent()) {
        makePrivate(place.scripts());
      }
      return place;
    } catch (IOException e) {
      throw DiskProblem.of("make the directories of", run, e);
    }
  }

  /** A directory of the user's own. */
  static void makePrivate(Path directory) throws IOException {
    Files.createDirectories(directory, mode("rwx------"));
    Optional<String> weakness = Ownership.weakness(directory);
    if (weakness.isPresent()) {
      throw new ConfigurationException(
          "%s: jobs need a place into which only you can write; chmod go-w it, or set XDG_STATE_HOME"
              .formatted(weakness.get()));
    }
  }

  private static FileAttribute<?> mode(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }

  private static JobPlace inside(Path run) throws IOException {
    Path jobs = run.resolve(JOBS);
    boolean isLogSafe = Ownership.weakness(run.resolve("logs")).isEmpty();
    Optional<Path> log = isLogSafe ? Optional.of(run.resolve("logs/job.log")) : Optional.empty();
    return new JobPlace(jobs, jobs, log, Optional.empty());
  }

  private static JobPlace outside(
      Path run, Optional<String> weakness, Map<String, String> environment) {
    Path all = stateHome(environment).resolve("belay/jobs");
    String name = String.valueOf(run.getFileName()).replaceAll("[^A-Za-z0-9_.+]+", "_");
    String unique = name + "-" + digest(run.toString()).substring(0, DIGITS);
    return new JobPlace(all.resolve(unique), all, Optional.empty(), weakness);
  }

  /** As the XDG base directory specification has it. */
  static Path stateHome(Map<String, String> environment) {
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    return state.startsWith("/") ? Path.of(state) : Path.of(home, ".local/state");
  }

  /** Where the scheduler writes of a single job. */
  Path log(String stage) {
    return log.orElse(scripts.resolve(stage + ".log"));
  }

  private static Path real(Path path) throws IOException {
    return Files.exists(path)
        ? path.toRealPath()
        : real(path.getParent()).resolve(path.getFileName());
  }

  private static String digest(String text) {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(sum);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JVM has it
    }
  }
}
