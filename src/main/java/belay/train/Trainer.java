package belay.train;

import belay.backend.Evaluation;
import belay.backend.StepScalars;
import belay.backend.TrainPlan;
import belay.data.RowOrder;
import belay.error.DivergedException;
import belay.error.StoppedException;
import belay.net.Tally;
import belay.net.TrainState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * Runs epochs. Everything that decides a weight is a function of the settings and of {@link
 * Progress}, so that a run continued from any saved state repeats the uninterrupted one bit for
 * bit; clocks decide only when to save and what to log.
 */
public final class Trainer {
  private static final int TELL_SECONDS = 1;

  private final TrainPlan plan;
  private final TrainerSettings settings;
  private final TrainTask task;
  private final int trainImages;
  private final int judgingImages;
  private final RowOrder order;
  private final StateKeeper keeper;
  private final TrainWatch watch;
  private final TrainLog log;
  private final BooleanSupplier stop;
  private final Stopwatch sinceSave;
  private final Stopwatch sinceTold = new Stopwatch(TELL_SECONDS);
  private Progress saved; // the latest that was; null before
  private long steps;
  private long began; // ns, the steps of this epoch in this attempt

  /**
   * @param plan compiled with the state that belongs to the progress given to {@link #run}
   * @param watch hears of every step
   * @param stop asked before every step; when true the state is saved and training ends
   */
  public Trainer(
      TrainPlan plan,
      TrainerSettings settings,
      TrainTask task,
      StateKeeper keeper,
      TrainWatch watch,
      BooleanSupplier stop) {
    this.plan = plan;
    this.settings = settings;
    this.task = task;
    this.trainImages = task.trainImages();
    this.judgingImages = task.judge().images();
    this.order = new RowOrder(settings.seed(), trainImages);
    this.keeper = keeper;
    this.watch = watch;
    this.log = new TrainLog(settings.goal(), task);
    this.stop = stop;
    this.sinceSave = new Stopwatch(settings.checkpointSeconds());
  }

  /**
   * Trains until all epochs are done or patience ends.
   *
   * @param steps optimiser steps taken before
   * @return where training stands then
   * @throws StoppedException if a stop was requested; the state has been given to the keeper
   * @throws DivergedException if the loss, a weight or a moment is not a number any more
   */
  public Progress run(Progress start, long steps) {
    this.steps = steps;
    saved = steps > 0 ? start : null;
    Progress progress = start;
    while (!settings.goal().isReached(progress)) {
      progress = epoch(progress);
    }
    return progress;
  }

  private Progress epoch(Progress start) {
    int epoch = start.epoch() + 1;
    int[] rows = order.permutation(epoch);
    if (start.position() == 0) {
      plan.resetTally();
    }
    watch.epochBegins(epoch);
    began = System.nanoTime();
    int position = start.position();
    while (position < trainImages) {
      Progress here = at(start, position);
      saveIfAsked(here);
      int end = Math.min(position + settings.batch(), trainImages);
      step(Arrays.copyOfRange(rows, position, end), here);
      position = end;
      tell(epoch, position, start.position());
    }
    Tally tally = plan.tally();
    Progress trained = at(start, position);
    watch.loss(finite(tally.loss(), epoch));
    watch.evaluationBegins(epoch);
    TrainState state = settled(trained); // which evaluating does not change
    double rate = rate(epoch, trainImages - 1);
    // Beside the evaluation: 3 ms are much where an epoch takes 0.2 s.
    CompletableFuture<Map<String, Double>> ratios =
        CompletableFuture.supplyAsync(
            () ->
                UpdateRatio.of(
                    task.network(), task.spec().rule(), task.spec().groups(), state, rate));
    return finish(trained, state, tally, evaluate(trained), ratios.join());
  }

  /** With statistics of the average where it is one of epochs. */
  private TrainState settled(Progress trained) {
    TrainState state = plan.snapshot();
    boolean hasStatistics = !task.network().program().statistics().isEmpty();
    if (!hasStatistics || !task.spec().average().wantsStatistics(steps)) {
      return state;
    }
    try {
      return new FreshStatistics(plan, task, order, stop).of(state, trained.epoch() + 1);
    } catch (StoppedException dropped) {
      throw stopped(trained);
    }
  }

  /** With the time of the steps; the same progress as before if there were none. */
  private Progress at(Progress start, int position) {
    boolean isMoved = position > start.position();
    return isMoved ? start.at(position, start.seconds() + since(began)) : start;
  }

  private static double since(long nanoTime) {
    return (System.nanoTime() - nanoTime) * 1e-9;
  }

  private Progress finish(
      Progress trained,
      TrainState state,
      Tally training,
      Judgement judgement,
      Map<String, Double> updateRatio) {
    int epoch = trained.epoch() + 1;
    Tally judged = judgement.evaluation().tally();
    double loss = finite(judged.loss(), epoch);
    boolean areHeldOut = task.judge().areHeldOut();
    EpochResult result =
        new EpochResult(
            epoch,
            steps,
            training.loss(),
            areHeldOut ? Double.NaN : loss,
            areHeldOut ? loss : Double.NaN,
            task.accuracy(training),
            areHeldOut ? Double.NaN : task.accuracy(judged),
            areHeldOut ? task.accuracy(judged) : Double.NaN,
            (double) judgement.evaluation().live().cardinality() / task.network().latent().size(),
            rate(epoch, trainImages - 1),
            trained.seconds(),
            trainImages / trained.seconds(),
            judgement.seconds(),
            Instant.now().truncatedTo(ChronoUnit.SECONDS),
            updateRatio);
    Progress progress = trained.finish(result);
    log.epoch(result);
    watch.epochEnds(result);
    keep(state, progress);
    log.target(progress);
    return progress;
  }

  private void step(int[] rows, Progress progress) {
    double rate = rate(progress.epoch() + 1, progress.position());
    try {
      plan.step(rows, new StepScalars((float) rate, progress.epoch() + 1));
      steps++;
      watch.step(rows.length, rate);
    } catch (StoppedException dropped) {
      throw stopped(progress); // a slow device gave the step up, its state is that from before
    }
  }

  private record Judgement(Evaluation evaluation, double seconds) {}

  private Judgement evaluate(Progress progress) {
    long start = System.nanoTime();
    int[] rows = RowOrder.identity(judgingImages);
    Evaluation evaluation = Evaluation.none();
    for (int first = 0; first < judgingImages; first += settings.batch()) {
      saveIfAsked(progress);
      int end = Math.min(first + settings.batch(), judgingImages);
      evaluation = evaluation.plus(evaluate(Arrays.copyOfRange(rows, first, end), progress));
    }
    return new Judgement(evaluation, since(start));
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
    keep(plan.snapshot(), progress);
  }

  private void keep(TrainState state, Progress progress) {
    check(state.weights(), progress.epoch() + 1);
    state.slots().values().forEach(vector -> check(vector, progress.epoch() + 1));
    keeper.keep(state, progress);
    saved = progress;
    sinceSave.restart();
  }

  private void check(float[] vector, int epoch) {
    boolean isFinite = true;
    for (float value : vector) {
      isFinite &= Math.abs(value) <= Float.MAX_VALUE; // without a branch: thrice as fast
    }
    for (int i = 0; !isFinite && i < vector.length; i++) {
      finite(vector[i], epoch);
    }
  }

  private double finite(double value, int epoch) {
    if (!Double.isFinite(value)) {
      throw new DivergedException(
          "Training diverged in epoch %d (a loss, weight or moment is %s): lower train.learning-rate, raise train.warmup-steps or set train.clip-norm; with that, the same command %s"
              .formatted(epoch, value, next()));
    }
    return value;
  }

  /** Where a resume would begin. */
  private String next() {
    if (saved == null) {
      return "begins anew, as there is no checkpoint yet";
    }
    String place =
        saved.position() == 0
            ? "after epoch " + saved.epoch()
            : "after %d images of epoch %d".formatted(saved.position(), saved.epoch() + 1);
    return "goes on from the last checkpoint, " + place;
  }

  private double rate(int epoch, int position) {
    long step = (epoch - 1) * stepsPerEpoch() + position / settings.batch();
    return settings
        .schedule()
        .rate(step, stepsPerEpoch(), settings.goal().epochs() * stepsPerEpoch());
  }

  private long stepsPerEpoch() {
    return (trainImages + settings.batch() - 1) / settings.batch();
  }

  private void tell(int epoch, int position, int first) {
    if (sinceTold.isOver()) {
      Tally tally = plan.tally();
      watch.loss(finite(tally.loss(), epoch));
      log.progress(
          epoch, position, tally, (position - first) / since(began), rate(epoch, position - 1));
      sinceTold.restart();
    }
  }
}
