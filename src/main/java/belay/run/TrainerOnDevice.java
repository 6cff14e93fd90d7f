package belay.run;

import belay.backend.EncodePlan;
import belay.error.DeviceException;
import belay.features.EncodedBatch;
import belay.svm.SvmTrainer;
import java.util.Optional;

/**
 * Hands the training images' features to a trainer on the same device while they are extracted;
 * nothing where the CPU solves, which reads them from the file.
 */
final class TrainerOnDevice implements EncodedBatch, AutoCloseable {
  private static final System.Logger LOG = System.getLogger("belay.pipeline");

  private final StageRun run;
  private final Inputs inputs;
  private Optional<SvmTrainer> trainer; // null before the first batch

  TrainerOnDevice(StageRun run, Inputs inputs) {
    this.run = run;
    this.inputs = inputs;
  }

  @Override
  public void begun(Part part, EncodePlan plan, int first, int count) {
    if (trainer == null) { // now: the encoder has taken its memory
      trainer = open();
    }
    if (part == Part.TRAIN) {
      trainer.ifPresent(to -> to.put(plan, first, count));
    }
  }

  private Optional<SvmTrainer> open() {
    try {
      return ClassifyStage.trainerOnDevice(
          run, PipelineStage.labels(inputs.dataset().train()), inputs.network().latent().size());
    } catch (DeviceException e) {
      tellOfFile(e);
      return Optional.empty();
    }
  }

  /** Says that the features must take the way over the disk. */
  static void tellOfFile(DeviceException problem) {
    LOG.log(
        System.Logger.Level.WARNING,
        "The SVM cannot work beside the encoder and reads features.h5 once that is written: "
            + problem.getMessage());
  }

  boolean isOpen() {
    return trainer != null && trainer.isPresent();
  }

  SvmTrainer trainer() {
    return trainer.orElseThrow();
  }

  @Override
  public void close() {
    if (isOpen()) {
      trainer().close();
    }
  }
}
