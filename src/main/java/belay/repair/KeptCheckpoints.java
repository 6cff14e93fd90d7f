package belay.repair;

import belay.checkpoint.CheckpointFile;
import belay.checkpoint.CheckpointFile.Reached;
import belay.checkpoint.CheckpointName;
import belay.checkpoint.Checkpoints;
import belay.error.BelayException;
import belay.error.DataException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The checkpoints of a run: which are whole, and what becomes of the others. */
final class KeptCheckpoints {
  private final Path directory;
  private final Places places;
  private final Mending mending;
  private final Map<Path, String> damages = new LinkedHashMap<>();
  private Optional<Reached> newest = Optional.empty();
  private boolean isCertain = true; // whether nothing newer may be whole

  KeptCheckpoints(Path directory, Places places, Mending mending) {
    this.directory = directory;
    this.places = places;
    this.mending = mending;
    isCertain = places.isFit(directory);
  }

  /** The newest that is whole. */
  Optional<Reached> newest() {
    return newest;
  }

  Path file(CheckpointName name) {
    return directory.resolve(name.toString());
  }

  /** Whether the run goes on from the newest that is whole: nothing newer is left to its user. */
  boolean isCertain() {
    return isCertain;
  }

  void check() {
    places.checkpoints().forEach(this::check);
    if (newest.isEmpty()) {
      damages.forEach(this::leave);
    } else {
      damages.forEach((file, problem) -> mending.setAside(file, problem, ""));
    }
  }

  private void check(CheckpointName name) {
    Path file = file(name);
    if (!places.isFile(file)) {
      isCertain &= newest.isPresent();
      return;
    }
    try {
      Reached reached = CheckpointFile.check(file);
      if (!reached.name().equals(name)) {
        damages.put(file, "holds the state of " + reached.name());
      } else if (newest.isEmpty()) {
        newest = Optional.of(reached);
      }
    } catch (DataException e) {
      judge(file, e);
    } catch (BelayException e) { // of another version, or too large for this heap
      isCertain &= newest.isPresent();
      mending.leave(file, Mending.problem(file, e), "or move it away");
    }
  }

  private void judge(Path file, DataException problem) {
    if (Checkpoints.isOfDisk(problem)) {
      isCertain &= newest.isPresent();
      mending.leave(file, Mending.problem(file, problem), "look at the disk and its permissions");
    } else {
      damages.put(file, Mending.problem(file, problem));
    }
  }

  /** To set all of them aside would make the next training begin anew. */
  private void leave(Path file, String problem) {
    isCertain = false;
    mending.leave(
        file,
        problem,
        "no checkpoint is whole; bring one back from elsewhere, or begin anew with another --run");
  }
}
