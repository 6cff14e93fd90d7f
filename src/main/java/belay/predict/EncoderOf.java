package belay.predict;

import belay.checkpoint.Checkpoint;
import belay.checkpoint.CheckpointFile;
import belay.checkpoint.CheckpointName;
import belay.checkpoint.Checkpoints;
import belay.checkpoint.RunDirectory;
import belay.error.DataException;
import belay.hdf.Sha256;
import belay.svm.SvmFile;
import java.nio.file.Path;
import java.util.Optional;

/** The encoder whose features a classifier was trained on: any other gives nonsense. */
public final class EncoderOf {
  private static final int SHORT_DIGEST = 12;

  private final Path model;
  private final String weights; // SHA-256

  /**
   * @param model svm.h5
   * @throws DataException if it does not say which encoder it needs
   */
  public EncoderOf(Path model) {
    this.model = model;
    this.weights = SvmFile.provenance(model).get("weights-sha256");
    if (weights == null) {
      throw new DataException(
          model + ": does not say which encoder's features it was trained on; classify again");
    }
  }

  /**
   * @param chosen a checkpoint's file; null to look through those of the run
   * @throws DataException if the file, or every one of the run, has other weights
   */
  public Checkpoint find(RunDirectory run, Path chosen) {
    return chosen == null ? search(run) : checked(chosen);
  }

  private Checkpoint checked(Path file) {
    Checkpoint checkpoint = CheckpointFile.read(file);
    String found = digest(checkpoint);
    if (!found.equals(weights)) {
      throw new DataException(
          "%s: has the weights %s.., but %s was trained on features of %s..; name that checkpoint"
              .formatted(file, shortened(found), model, shortened(weights)));
    }
    return checkpoint;
  }

  private Checkpoint search(RunDirectory run) {
    Checkpoints checkpoints = new Checkpoints(run.checkpoints());
    for (CheckpointName name : checkpoints.list()) {
      Optional<Checkpoint> whole = checkpoints.readable(name);
      if (whole.filter(checkpoint -> digest(checkpoint).equals(weights)).isPresent()) {
        return whole.get();
      }
    }
    throw new DataException(
        "%s: no checkpoint has the weights %s.. that %s was trained on; name one with --checkpoint, or its run with --run"
            .formatted(run.checkpoints(), shortened(weights), model));
  }

  private static String digest(Checkpoint checkpoint) {
    return Sha256.of(checkpoint.state().inferenceWeights());
  }

  private static String shortened(String sha256) {
    return sha256.substring(0, Math.min(SHORT_DIGEST, sha256.length()));
  }
}
