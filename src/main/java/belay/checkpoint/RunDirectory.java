package belay.checkpoint;

import belay.error.DataException;
import belay.json.Json;
import belay.json.JsonLines;
import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import belay.storage.PlainFile;
import belay.storage.UnfitFileException;
import belay.train.EpochResult;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The directory that holds everything of one run. Where it lies and what it is called is all that
 * identifies the run: no job id, host or user is part of it, so that any later job may go on.
 *
 * <pre>
 * run.properties   effective configuration          status.json    where the run stands
 * attempts.jsonl   who worked on it, how it ended   metrics.jsonl  a line for each finished epoch
 * checkpoints/     ckpt-EPOCH[-STEP].h5             features.h5, svm.h5, svm-solved.h5
 * metrics.prom     for Prometheus                profile.json   where a step's time goes
 * logs/            appended by every attempt        lease-N.json   who may write, see RunLease
 * </pre>
 *
 * <p>Anybody may read. To write, take the {@link RunLease} and use a {@link RunJournal}.
 */
public final class RunDirectory {
  private static final Logger LOG = System.getLogger("belay.run");

  private final Path path;

  private RunDirectory(Path path) {
    this.path = path;
  }

  /** Names its files without looking whether it exists. */
  public static RunDirectory at(Path path) {
    return new RunDirectory(path);
  }

  /**
   * Opens a run directory, and creates what is missing of it.
   *
   * @throws DataException if it cannot be created, with the reason, or if it holds no run but
   *     something else, such as a home directory or a project
   */
  public static RunDirectory create(Path path) {
    RunDirectory run = new RunDirectory(path);
    try {
      AtomicFile.createDirectories(path);
      refuseForeign(path);
      PlainFile.directory(run.checkpoints());
      PlainFile.directory(run.logs());
      run.settle();
      return run;
    } catch (IOException e) {
      throw DiskProblem.of("create the run directory", path, e);
    }
  }

  /**
   * Looks whether an attempt may write where it is going to, and writes nothing; the run need not
   * exist.
   *
   * @throws DataException if a link, a pipe or the like is in the way
   */
  public void requireFit() {
    try {
      for (Path directory : List.of(checkpoints(), logs())) {
        PlainFile.requireNoLink(directory);
      }
      for (String log : List.of("job.log", "belay.log")) {
        PlainFile.requireFit(logs().resolve(log));
      }
    } catch (IOException e) {
      throw DiskProblem.of("write into", path, e);
    }
  }

  /** What an attempt leaves that is killed before it has made its last names durable. */
  private void settle() throws IOException {
    AtomicFile.forceEntries(path.toAbsolutePath().getParent());
    AtomicFile.forceEntries(path);
    AtomicFile.forceEntries(checkpoints());
  }

  private static void refuseForeign(Path path) throws IOException {
    Optional<String> foreign = RunContents.of(path).foreign();
    if (foreign.isPresent()) {
      throw new DataException(
          "%s: holds %s and no run; name a new or an empty directory with --run"
              .formatted(path, foreign.get()));
    }
  }

  /**
   * Opens an existing run directory.
   *
   * @throws DataException if there is none
   */
  public static RunDirectory open(Path path) {
    if (!Files.isDirectory(path)) {
      String found = Files.exists(path) ? "is a file" : "does not exist";
      throw new DataException("The run directory " + path + " " + found + "; check the path");
    }
    try {
      if (RunContents.of(path).isRun()) {
        return new RunDirectory(path);
      }
    } catch (IOException e) {
      throw DiskProblem.of("read the run directory", path, e);
    }
    throw new DataException(
        path
            + ": is no run's directory: it has no run.properties, status.json, attempts.jsonl or"
            + " checkpoint; check the path");
  }

  /**
   * Deletes what killed processes left half-written; for the owner alone.
   *
   * @throws DataException if the disk refuses
   */
  public void sweep() {
    try {
      for (Path directory : writtenInto()) {
        AtomicFile.deletePartial(directory);
      }
    } catch (IOException e) {
      throw DiskProblem.of("clean", path, e);
    }
  }

  /** Deletes what this process has left half-written, though it may own the run no more. */
  public void sweepOwn() {
    for (Path directory : writtenInto()) {
      try {
        AtomicFile.deleteOwnPartial(directory);
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "directory={0} unswept=\"{1}\"", directory, e);
      }
    }
  }

  /** Directories in which files appear by {@link AtomicFile}; no link leads out of the run. */
  public List<Path> writtenInto() {
    return Stream.of(path, checkpoints(), eventFile().getParent())
        .filter(directory -> directory.equals(path) || !Files.isSymbolicLink(directory))
        .toList();
  }

  public Path path() {
    return path;
  }

  public Path properties() {
    return path.resolve("run.properties");
  }

  public Path checkpoints() {
    return path.resolve("checkpoints");
  }

  public Path features() {
    return path.resolve("features.h5");
  }

  public Path svm() {
    return path.resolve("svm.h5");
  }

  /** What an SVM that is not complete has solved. */
  public Path svmSolved() {
    return path.resolve("svm-solved.h5");
  }

  public Path logs() {
    return path.resolve("logs");
  }

  public Path profileFile() {
    return path.resolve("profile.json");
  }

  /** Lines for MLPerf's tools, where they are wanted. */
  public Path mlperfLog() {
    return path.resolve("mllog.txt");
  }

  /** The curves for TensorBoard, where they are wanted. */
  public Path eventFile() {
    return path.resolve("tensorboard/events.out.tfevents.0.belay");
  }

  public Path statusFile() {
    return path.resolve("status.json");
  }

  public Path attemptsFile() {
    return path.resolve("attempts.jsonl");
  }

  public Path metricsFile() {
    return path.resolve("metrics.jsonl");
  }

  /**
   * Where the run stands; empty if it has not begun, or with a warning if the file is no status.
   */
  public Optional<RunStatus> status() {
    try {
      return Optional.ofNullable(Json.read(PlainFile.textOwn(statusFile()), RunStatus.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      String why = e instanceof IOException disk ? DiskProblem.reason(disk) : "it is no status";
      String first = e instanceof UnfitFileException ? "move it away, and " : "";
      LOG.log(
          Level.WARNING,
          "%s cannot be read (%s): %s\"belay repair %s\" writes it again"
              .formatted(statusFile(), why, first, path));
      return Optional.empty();
    }
  }

  /**
   * How the latest job ended, unless the run has told something since; empty too, with a warning,
   * if the file says nothing of the kind.
   */
  public Optional<LastExit> lastExit() {
    Path file = logs().resolve("last-exit.json");
    return read(file, LastExit.class, LastExit.MOST_BYTES)
        .filter(known -> !isOlder(file, statusFile()));
  }

  private static boolean isOlder(Path file, Path other) {
    try {
      return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
              .compareTo(Files.getLastModifiedTime(other, LinkOption.NOFOLLOW_LINKS))
          < 0;
    } catch (IOException absent) {
      return false;
    }
  }

  /** Where a step's time goes; empty if it was not measured, or with a warning if unreadable. */
  public Optional<StepTimes> profile() {
    return read(profileFile(), StepTimes.class, PlainFile.SMALL);
  }

  private static <T> Optional<T> read(Path file, Class<T> type, int most) {
    try {
      return Optional.ofNullable(
          Json.read(new String(PlainFile.readOwn(file, most), StandardCharsets.UTF_8), type));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      String reason = e instanceof IOException disk ? DiskProblem.reason(disk) : e.getMessage();
      LOG.log(Level.WARNING, "file={0} ignored=unreadable reason=\"{1}\"", file, reason);
      return Optional.empty();
    }
  }

  /**
   * All attempts, oldest first.
   *
   * @throws DataException if the file cannot be read
   */
  public List<Attempt> attempts() {
    try {
      return new AttemptLog(attemptsFile()).read();
    } catch (IOException e) {
      throw DiskProblem.of("read", attemptsFile(), e);
    }
  }

  /**
   * The results of the finished epochs, oldest first.
   *
   * @throws DataException if the file cannot be read
   */
  public List<EpochResult> metrics() {
    try {
      return new JsonLines<>(metricsFile(), EpochResult.class).read();
    } catch (IOException e) {
      throw DiskProblem.of("read", metricsFile(), e);
    }
  }
}
