package belay.checkpoint;

import belay.error.DataException;
import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /** The newest checkpoint that is whole; see {@link #newestValid(Consumer)}. */
  public Optional<Saved> newestValid() {
    return newestValid(saved -> {});
  }

  /**
   * The newest checkpoint that is whole; one WARN line for each newer file that is damaged. Those
   * are set aside as NAME.damaged, so that they count neither as newest nor as kept.
   *
   * @param fit throws a DataException for a state from which this training cannot go on: that
   *     counts as damage too
   * @return empty if there is no file at all
   * @throws DataException if a file cannot be read, or if there are files and none is whole: going
   *     on from nothing would overwrite what somebody may still rescue
   * @throws belay.error.ConfigurationException if another version of belay wrote the newest
   */
  public Optional<Saved> newestValid(Consumer<Saved> fit) {
    List<DataException> damages = new ArrayList<>();
    List<CheckpointName> names = list();
    for (CheckpointName name : names) {
      try {
        Saved saved = read(name);
        fit.accept(saved);
        setAside(names.subList(0, damages.size()), damages);
        return Optional.of(saved);
      } catch (DataException e) {
        if (isOfDisk(e)) {
          throw e; // an older state would not help
        }
        damages.add(e);
      }
    }
    if (!damages.isEmpty()) {
      throw new DataException(
          "None of the %d checkpoints is whole (%s). Bring one back from elsewhere, or begin anew with"
                  .formatted(damages.size(), damages.get(0).getMessage())
              + " another --run");
    }
    return Optional.empty();
  }

  /** Whether the disk could not be read, and nothing is known of the file. */
  public static boolean isOfDisk(DataException problem) {
    return problem.getCause() instanceof IOException
        && !(problem.getCause() instanceof EOFException);
  }

  /** What somebody who only looks can read of it; a WARN line where that is nothing. */
  public Optional<Checkpoint> readable(CheckpointName name) {
    try {
      return Optional.of(CheckpointFile.read(file(name)));
    } catch (DataException e) {
      LOG.log(Level.WARNING, "Not used: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** A copy under another name would be taken for newer than it is. */
  private Saved read(CheckpointName name) {
    Checkpoint checkpoint = CheckpointFile.read(file(name));
    if (!checkpoint.name().equals(name)) {
      throw new DataException("%s: holds the state of %s".formatted(file(name), checkpoint.name()));
    }
    return new Saved(file(name), checkpoint);
  }

  private void setAside(List<CheckpointName> names, List<DataException> damages) {
    for (int i = 0; i < names.size(); i++) {
      Path file = file(names.get(i));
      LOG.log(Level.WARNING, "Using an older checkpoint: " + damages.get(i).getMessage());
      try {
        AtomicFile.setAside(file);
      } catch (IOException e) {
        throw DiskProblem.of("set aside the damaged", file, e);
      }
    }
  }

  /** That of the best epoch so far, or the newest where that file cannot be read. */
  public Saved best(Saved newest) {
    int epoch = newest.checkpoint().progress().bestEpoch();
    boolean isWhole = newest.checkpoint().name().isWhole();
    if (isWhole && epoch == newest.checkpoint().progress().epoch() || epoch == 0) {
      return newest;
    }
    try {
      return read(CheckpointName.ofEpoch(epoch));
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
    if (!Files.isDirectory(directory)) {
      throw new DataException(directory + ": is not a directory, expected one of checkpoints");
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new DataException(directory + ": cannot be listed: " + e.getMessage(), e);
    }
  }
}
