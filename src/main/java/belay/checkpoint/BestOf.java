package belay.checkpoint;

import belay.error.DataException;
import java.nio.file.Path;
import java.util.Optional;

/** The network that a run has come to, read by somebody who must not change the run. */
public final class BestOf {
  private BestOf() {}

  /**
   * The best checkpoint, or the newest where that cannot be read.
   *
   * @throws DataException if none can be read
   */
  public static Checkpoint run(RunDirectory run) {
    Checkpoints checkpoints = new Checkpoints(run.checkpoints());
    Checkpoint newest =
        checkpoints.list().stream()
            .flatMap(name -> checkpoints.readable(name).stream())
            .findFirst()
            .orElseThrow(
                () ->
                    new DataException(
                        run.checkpoints() + ": no checkpoint can be read; run belay train first"));
    CheckpointName best = CheckpointName.ofEpoch(newest.progress().bestEpoch());
    return newest.name().equals(best) || !checkpoints.list().contains(best)
        ? newest
        : checkpoints.readable(best).orElse(newest);
  }

  /**
   * Whether the newest readable network of a run scores classes; false where nothing can be read.
   */
  public static boolean classifies(RunDirectory run) {
    Checkpoints checkpoints = new Checkpoints(run.checkpoints());
    return checkpoints.list().stream()
            .flatMap(name -> classes(checkpoints.file(name)).stream())
            .findFirst()
            .orElse(0)
        > 0;
  }

  private static Optional<Integer> classes(Path file) {
    try {
      return Optional.of(CheckpointFile.readOutline(file).network().classes());
    } catch (DataException e) {
      return Optional.empty();
    }
  }
}
