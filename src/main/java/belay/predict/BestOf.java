package belay.predict;

import belay.checkpoint.Checkpoint;
import belay.checkpoint.CheckpointFile;
import belay.checkpoint.CheckpointName;
import belay.checkpoint.Checkpoints;
import belay.checkpoint.RunDirectory;
import belay.error.DataException;
import java.util.Optional;

/** The network that a run has come to, read by somebody who must not change the run. */
public final class BestOf {
  private static final System.Logger LOG = System.getLogger("belay.predict");

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
            .flatMap(name -> read(checkpoints, name).stream())
            .findFirst()
            .orElseThrow(
                () ->
                    new DataException(
                        run.checkpoints() + ": no checkpoint can be read; run belay train first"));
    CheckpointName best = CheckpointName.ofEpoch(newest.progress().bestEpoch());
    return newest.name().equals(best) || !checkpoints.list().contains(best)
        ? newest
        : read(checkpoints, best).orElse(newest);
  }

  /** Whether the newest network of a run scores classes; false where nothing can be read. */
  public static boolean classifies(RunDirectory run) {
    Checkpoints checkpoints = new Checkpoints(run.checkpoints());
    try {
      return checkpoints.list().stream()
          .findFirst()
          .map(name -> CheckpointFile.readOutline(checkpoints.file(name)).network())
          .filter(network -> network.classes() > 0)
          .isPresent();
    } catch (DataException e) {
      return false;
    }
  }

  private static Optional<Checkpoint> read(Checkpoints checkpoints, CheckpointName name) {
    try {
      return Optional.of(CheckpointFile.read(checkpoints.file(name)));
    } catch (DataException e) {
      LOG.log(System.Logger.Level.WARNING, "Not used: " + e.getMessage());
      return Optional.empty();
    }
  }
}
