package belay.checkpoint;

import belay.error.DataException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The checkpoints of a run in their directory. One process at a time may write there. */
public final class Checkpoints {
  private static final System.Logger LOG = System.getLogger("belay.checkpoint");

  private final Path directory;

  public Checkpoints(Path directory) {
    this.directory = directory;
  }

  /** A checkpoint and the file it lies in. */
  public record Saved(Path file, Checkpoint checkpoint) {}

  public Path file(CheckpointName name) {
    return directory.resolve(name.toString());
  }

  /**
   * Names of the files, newest first; none if the directory is missing.
   *
   * @throws DataException if the directory cannot be read
   */
  public List<CheckpointName> list() {
    return fileNames().stream()
        .flatMap(name -> CheckpointName.parse(name).stream())
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  /**
   * The newest checkpoint that can be read and passes a check; one WARN line for each newer file
   * that does not.
   *
   * @param check throws a DataException to have an older file tried; other exceptions pass through
   */
  public Optional<Saved> newestValid(Consumer<Checkpoint> check) {
    for (CheckpointName name : list()) {
      try {
        Checkpoint checkpoint = CheckpointFile.read(file(name));
        check.accept(checkpoint);
        return Optional.of(new Saved(file(name), checkpoint));
      } catch (DataException e) {
        LOG.log(Level.WARNING, "Trying an older checkpoint: " + e.getMessage());
      }
    }
    return Optional.empty();
  }

  /** The one with the lowest test loss so far, or the newest where that file cannot be read. */
  public Saved best(Saved newest) {
    int epoch = newest.checkpoint().progress().bestEpoch();
    if (epoch == newest.checkpoint().progress().epoch()) {
      return newest;
    }
    Path file = file(CheckpointName.ofEpoch(epoch));
    try {
      return new Saved(file, CheckpointFile.read(file));
    } catch (DataException e) {
      LOG.log(Level.WARNING, "Using the newest checkpoint, not the best: " + e.getMessage());
      return newest;
    }
  }

  /**
   * Deletes what a resume will not need: all but the last whole epochs and the best one, states
   * within an epoch that are older than the newest whole one, and what dead writers left half
   * written. Must not run while a checkpoint is being written.
   *
   * @param keepLast how many epochs to keep, and how many states within the running epoch
   * @param bestEpoch kept however old; 0 for none
   * @throws IOException if a file cannot be deleted
   */
  public void prune(int keepLast, int bestEpoch) throws IOException {
    Set<CheckpointName> keep = new HashSet<>();
    List<CheckpointName> names = list();
    names.stream().filter(CheckpointName::isWhole).limit(keepLast).forEach(keep::add);
    names.stream().takeWhile(name -> !name.isWhole()).limit(keepLast).forEach(keep::add);
    keep.add(CheckpointName.ofEpoch(bestEpoch));
    for (CheckpointName name : names) {
      if (!keep.contains(name)) {
        Files.deleteIfExists(file(name));
      }
    }
    deletePartial(name -> name.startsWith(".ckpt-") && name.endsWith(".h5.partial"));
  }

  private void deletePartial(Predicate<String> isPartial) throws IOException {
    for (String name : fileNames()) {
      if (isPartial.test(name)) {
        Files.deleteIfExists(directory.resolve(name));
      }
    }
  }

  private List<String> fileNames() {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new DataException(directory + ": cannot be listed: " + e.getMessage(), e);
    }
  }
}
