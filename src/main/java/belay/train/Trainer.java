package belay.train;

import belay.backend.Evaluation;
import belay.backend.StepScalars;
import belay.backend.TrainPlan;
import belay.data.RowOrder;
import belay.error.ConfigurationException;
import belay.error.StoppedException;
import belay.net.TrainState;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * Runs epochs. Everything that decides a weight is a function of the settings and of {@link
 * Progress}, so that a run continued from any saved state repeats the uninterrupted one bit for
 * bit; clocks decide only when to save and what to log.
 */
public final class Trainer {
  private static final System.Logger LOG = System.getLogger("belay.train");
  private static final double FEW_LIVE_FEATURES = 0.5;

  private final TrainPlan plan;
  private final TrainerSettings settings;
  private final int trainImages;
  private final int testImages;
  private final int latentFeatures;
  private final RowOrder order;
  private final StateKeeper keeper;
  private final BooleanSupplier stop;
  private final Stopwatch sinceSave;
  private final Stopwatch sinceLog;
  private long steps;

  /**
   * @param plan compiled with the state that belongs to the progress given to {@link #run}
   * @param latentFeatures values of the latent shape
   * @param stop asked before every step; when true the state is saved and training ends
   */
  public Trainer(
      TrainPlan plan,
      TrainerSettings settings,
      int trainImages,
      int testImages,
      int latentFeatures,
      StateKeeper keeper,
      BooleanSupplier stop) {
    this.plan = plan;
    this.settings = settings;
    this.trainImages = trainImages;
    this.testImages = testImages;
    this.latentFeatures = latentFeatures;
    this.order = new RowOrder(settings.seed(), trainImages);
    this.keeper = keeper;
    this.stop = stop;
    this.sinceSave = new Stopwatch(settings.checkpointSeconds());
    this.sinceLog = new Stopwatch(settings.logSeconds());
  }

  /**
   * Trains until all epochs are done or patience ends.
   *
   * @param steps optimiser steps taken before
   * @return where training stands then
   * @throws StoppedException if a stop was requested; the state has been given to the keeper
   * @throws ConfigurationException if the loss or a weight is not a number any more
   */
  public Progress run(Progress start, long steps) {
    this.steps = steps;
    Progress progress = start;
    while (!isDone(settings, progress)) {
      progress = epoch(progress);
    }
    return progress;
  }

  /** Whether no epoch is left, because all are done or the test loss has not fallen for long. */
  public static boolean isDone(TrainerSettings settings, Progress progress) {
    int patience = settings.patienceEpochs();
    return progress.epoch() >= settings.epochs()
        || (patience > 0 && progress.epoch() - progress.bestEpoch() >= patience);
  }

  private Progress epoch(Progress start) {
    int epoch = start.epoch() + 1;
    int[] rows = order.permutation(epoch);
    if (start.position() == 0) {
      plan.resetLoss();
    }
    long began = System.nanoTime();
    int position = start.position();
    while (position < trainImages) {
      saveIfAsked(start.at(position));
      int end = Math.min(position + settings.batch(), trainImages);
      step(Arrays.copyOfRange(rows, position, end), start.at(position));
      position = end;
      logProgress(epoch, position, start.position(), began);
    }
    double trainLoss = finite(plan.meanLoss(), epoch);
    double seconds = (System.nanoTime() - began) * 1e-9;
    Evaluation evaluation = evaluate(start.at(position));
    EpochResult result =
        new EpochResult(
            epoch,
            steps,
            trainLoss,
            finite(evaluation.meanSquaredError(), epoch),
            (double) evaluation.live().cardinality() / latentFeatures,
            rate(epoch, trainImages - 1),
            seconds,
            (trainImages - start.position()) / seconds);
    Progress progress = start.finish(result);
    log(result);
    save(progress);
    return progress;
  }

  private void step(int[] rows, Progress progress) {
    try {
      plan.step(rows, scalars(progress.epoch() + 1, progress.position()));
      steps++;
    } catch (StoppedException dropped) {
      throw stopped(progress); // a slow device gave the step up, its state is that from before
    }
  }

  private Evaluation evaluate(Progress progress) {
    int[] rows = RowOrder.identity(testImages);
    Evaluation evaluation = Evaluation.none();
    for (int first = 0; first < testImages; first += settings.batch()) {
      saveIfAsked(progress);
      int end = Math.min(first + settings.batch(), testImages);
      evaluation = evaluation.plus(evaluate(Arrays.copyOfRange(rows, first, end), progress));
    }
    return evaluation;
  }

  private Evaluation evaluate(int[] rows, Progress progress) {
    try {
      return plan.evaluate(rows);
    } catch (StoppedException dropped) {
      throw stopped(progress);
    }
  }

  private void saveIfAsked(Progress progress) {
    if (stop.getAsBoolean()) {
      throw stopped(progress);
    }
    if (sinceSave.isOver()) {
      save(progress);
    }
  }

  private StoppedException stopped(Progress progress) {
    save(progress);
    return new StoppedException(
        "Stopped in epoch %d after %d of %d images; the state is saved"
            .formatted(progress.epoch() + 1, progress.position(), trainImages));
  }

  private void save(Progress progress) {
    TrainState state = plan.snapshot();
    for (float weight : state.weights()) {
      finite(weight, progress.epoch() + 1);
    }
    keeper.keep(state, progress);
    sinceSave.restart();
  }

  private static double finite(double value, int epoch) {
    if (!Double.isFinite(value)) {
      throw new ConfigurationException(
          "Training diverged in epoch %d (a loss or weight is %s): lower train.learning-rate, raise"
                  .formatted(epoch, value)
              + " train.warmup-steps or set train.clip-norm; the last checkpoint is from before");
    }
    return value;
  }

  private StepScalars scalars(int epoch, int position) {
    return new StepScalars((float) rate(epoch, position));
  }

  private double rate(int epoch, int position) {
    long step = (epoch - 1) * stepsPerEpoch() + position / settings.batch();
    return settings.schedule().rate(step, stepsPerEpoch(), settings.epochs() * stepsPerEpoch());
  }

  private long stepsPerEpoch() {
    return (trainImages + settings.batch() - 1) / settings.batch();
  }

  private void logProgress(int epoch, int position, int first, long began) {
    if (sinceLog.isOver()) {
      double seconds = (System.nanoTime() - began) * 1e-9;
      LOG.log(
          System.Logger.Level.INFO,
          "epoch=%d images=%d/%d loss=%.6f images-per-second=%.0f learning-rate=%.3g"
              .formatted(
                  epoch,
                  position,
                  trainImages,
                  finite(plan.meanLoss(), epoch),
                  (position - first) / seconds,
                  rate(epoch, position - 1)));
      sinceLog.restart();
    }
  }

  private void log(EpochResult result) {
    LOG.log(
        System.Logger.Level.INFO,
        ("epoch=%d step=%d train-loss=%.6f test-loss=%.6f live-features=%.1f%%"
                + " images-per-second=%.0f learning-rate=%.3g")
            .formatted(
                result.epoch(),
                result.step(),
                result.trainLoss(),
                result.testLoss(),
                100 * result.liveFeatures(),
                result.imagesPerSecond(),
                result.learningRate()));
    if (result.liveFeatures() < FEW_LIVE_FEATURES) {
      LOG.log(
          System.Logger.Level.WARNING,
          ("live-features=%.1f%% of the latent features are ever active: the others are dead and"
                  + " classification will suffer; start anew with a longer train.warmup-steps or a"
                  + " lower train.learning-rate")
              .formatted(100 * result.liveFeatures()));
    }
    sinceLog.restart();
  }
}
