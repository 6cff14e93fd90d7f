package belay.checkpoint;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a directory holds: by what a run is known, and what is none of a run's business. */
final class RunContents {
  /** Written by whoever has worked on a run. */
  private static final Pattern MARK =
      Pattern.compile("run\\.properties|status\\.json|attempts\\.jsonl|lease-\\d+\\.json");

  /** What is worth a look even where the rest of a run has been lost. */
  private static final Pattern PRODUCT = Pattern.compile("features\\.h5|svm\\.h5");

  /**
   * What may lie in a run directory before the first attempt: from belay submit, attempt.sh, a
   * scheduler or an attempt that was refused; what its user has prepared; and what file systems
   * add.
   */
  private static final Pattern BEFORE =
      Pattern.compile(
          "jobs|logs|checkpoints|tensorboard|job\\.env|metrics\\.(jsonl|prom)|mllog\\.txt|profile\\.json"
              + "|slurm-.*\\.out|OAR\\..*\\.std(out|err)"
              + "|.*\\.(net|properties)"
              + "|\\.lease-.*|\\..*\\.partial|\\.nfs.*|\\.snapshot|lost\\+found");

  private final Path directory;
  private final List<String> names;

  private RunContents(Path directory, List<String> names) {
    this.directory = directory;
    this.names = names;
  }

  static RunContents of(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return new RunContents(directory, names);
  }

  /** Whether somebody has worked on a run there, has submitted it, or was refused. */
  boolean isRun() {
    return isBegun()
        || any(PRODUCT)
        || holds("jobs/submitted.jsonl")
        || holds("logs/belay.log")
        || holds("logs/job.log");
  }

  private boolean isBegun() {
    return any(MARK) || !new Checkpoints(directory.resolve("checkpoints")).list().isEmpty();
  }

  /** Something that a new run should not be mixed with; empty in a run. */
  Optional<String> foreign() {
    return isBegun()
        ? Optional.empty()
        : names.stream()
            .filter(name -> !BEFORE.matcher(name).matches() && !PRODUCT.matcher(name).matches())
            .sorted()
            .findFirst();
  }

  private boolean any(Pattern pattern) {
    return names.stream().anyMatch(name -> pattern.matcher(name).matches());
  }

  private boolean holds(String file) {
    return Files.exists(directory.resolve(file));
  }
}
