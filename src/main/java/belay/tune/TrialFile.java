package belay.tune;

import belay.hdf.Sha256;
import belay.json.Json;
import belay.json.JsonLines;
import belay.storage.DiskProblem;
import belay.storage.Fence;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finished trials, a line of JSON each: what it was, as the digest of all that decides it, what
 * came of it, and the digest of both. A line that is torn or was changed counts for nothing; its
 * trial is made again and gives the same.
 */
public final class TrialFile {
  private static final System.Logger LOG = System.getLogger("belay.tune");

  private final Path file;
  private final Fence fence;
  private final Map<String, Trial> kept = new HashMap<>();

  /**
   * @param id digest of all that decides the trial
   * @param sha256 of the line without it
   */
  private record Line(String id, Trial trial, String sha256) {
    static Line of(String id, Trial trial) {
      return new Line(id, trial, digest(id, trial));
    }

    boolean isWhole() {
      return id != null && trial != null && digest(id, trial).equals(sha256);
    }

    private static String digest(String id, Trial trial) {
      return Sha256.of(
          String.join(
              "\n",
              id,
              trial.kind(),
              Json.line(trial.keys()),
              Json.line(trial.points()),
              Boolean.toString(trial.diverged()),
              Double.toString(trial.seconds())));
    }
  }

  private TrialFile(Path file, Fence fence) {
    this.file = file;
    this.fence = fence;
  }

  /**
   * Goes on from what is there.
   *
   * @param fence asked before anything is written
   * @throws belay.error.DataException if the file cannot be read
   */
  public static TrialFile open(Path file, Fence fence) {
    TrialFile trials = new TrialFile(file, fence);
    try {
      new JsonLines<>(file, Line.class).read().forEach(trials::take);
    } catch (IOException e) {
      throw DiskProblem.of("read", file, e);
    }
    return trials;
  }

  private void take(Line line) {
    if (line.isWhole()) {
      kept.put(line.id(), line.trial());
    } else {
      LOG.log(Level.WARNING, "file={0} skipped=damaged: a trial is made again", file);
    }
  }

  Optional<Trial> find(String id) {
    return Optional.ofNullable(kept.get(id));
  }

  /**
   * Keeps a trial, which is safe when this returns.
   *
   * @throws belay.error.DataException if the disk refuses
   */
  void keep(String id, Trial trial) {
    try {
      fence.check();
      new JsonLines<>(file, Line.class).append(Line.of(id, trial));
    } catch (IOException e) {
      throw DiskProblem.of("write", file, e);
    }
    kept.put(id, trial);
  }
}
