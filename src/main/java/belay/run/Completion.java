package belay.run;

import belay.checkpoint.CheckpointFile;
import belay.checkpoint.CheckpointName;
import belay.checkpoint.Checkpoints;
import belay.checkpoint.Checkpoints.Saved;
import belay.checkpoint.RunDirectory;
import belay.conf.Configuration;
import belay.conf.settings.TrainSettings;
import belay.error.BelayException;
import belay.features.FeatureFile;
import belay.hdf.Sha256;
import belay.svm.SvmFile;
import java.nio.file.Files;
import java.util.Optional;

/** Whether a run has already what a stage would bring, by the same rules as the stages. */
public final class Completion {
  private final RunDirectory run;
  private final Configuration wanted;

  /**
   * @param wanted what the stage would work with
   */
  public Completion(RunDirectory run, Configuration wanted) {
    this.run = run;
    this.wanted = wanted;
  }

  /**
   * @param stage train, extract, classify or pipeline
   * @return false where the files cannot tell: the stage will
   */
  public boolean of(String stage) {
    try {
      return switch (stage) {
        case "train" -> isTrained();
        case "extract" -> isTrained() && isExtracted();
        case "classify" -> isClassified();
        default -> isTrained() && isExtracted() && isClassified();
      };
    } catch (BelayException unreadable) {
      return false;
    }
  }

  private boolean isTrained() {
    TrainSettings train = wanted.settings().train();
    boolean mayEndEarly = train.patienceEpochs() > 0 || train.stopAtTarget();
    boolean isFar =
        checkpoints().list().stream()
            .mapToInt(CheckpointName::epoch)
            .anyMatch(epoch -> epoch >= train.epochs());
    return (isFar || mayEndEarly) && newest().filter(this::isLast).isPresent();
  }

  private boolean isLast(Saved saved) {
    return Translation.goal(wanted.settings().train()).isReached(saved.checkpoint().progress());
  }

  private boolean isExtracted() {
    if (Files.notExists(run.features())) {
      return false;
    }
    Optional<Saved> best = newest().map(checkpoints()::best);
    try (FeatureFile features = FeatureFile.open(run.features())) {
      return best.map(saved -> Sha256.of(saved.checkpoint().state().inferenceWeights()))
          .filter(features.weightsSha256()::equals)
          .isPresent();
    }
  }

  private boolean isClassified() {
    if (Files.notExists(run.features()) || Files.notExists(run.svm())) {
      return false;
    }
    try (FeatureFile features = FeatureFile.open(run.features())) {
      return SvmFile.provenance(run.svm())
          .entrySet()
          .containsAll(ClassifyStage.expected(wanted.shown(), features).entrySet());
    }
  }

  private Checkpoints checkpoints() {
    return new Checkpoints(run.checkpoints());
  }

  /** Looks only: a damaged file is set aside by the stage, which owns the run. */
  private Optional<Saved> newest() {
    return checkpoints().list().stream()
        .map(checkpoints()::file)
        .findFirst()
        .map(file -> new Saved(file, CheckpointFile.read(file)));
  }
}
