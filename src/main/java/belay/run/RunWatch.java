package belay.run;

import belay.conf.settings.Settings;
import belay.conf.settings.TrainSettings;
import belay.metrics.MlperfLog;
import belay.metrics.MlperfLog.Event;
import belay.metrics.TrainMeters;
import belay.train.EpochResult;
import belay.train.Progress;
import belay.train.TrainTask;
import belay.train.TrainWatch;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Passes on how training goes: to the meters, and to the log in MLPerf's form if one is wanted. */
final class RunWatch implements TrainWatch, AutoCloseable {
  private final TrainMeters meters;
  private final Optional<MlperfLog> log;
  private final int trainImages;

  private RunWatch(TrainMeters meters, Optional<MlperfLog> log, int trainImages) {
    this.meters = meters;
    this.log = log;
    this.trainImages = trainImages;
  }

  /**
   * @param isResumed whether a checkpoint was there
   */
  static RunWatch of(StageRun run, TrainTask task, Progress start, boolean isResumed) {
    Settings settings = run.settings();
    Optional<MlperfLog> log =
        settings.log().mlperf()
            ? Optional.of(
                new MlperfLog(
                    run.directory().mlperfLog(), run.attempt(), isResumed ? start.epoch() : -1))
            : Optional.empty();
    log.filter(MlperfLog::isFresh).ifPresent(fresh -> introduce(fresh, run, task));
    return new RunWatch(new TrainMeters(run.metering().metrics()), log, task.trainImages());
  }

  /** What MLPerf's rules want to know of every training. */
  private static void introduce(MlperfLog log, StageRun run, TrainTask task) {
    Settings settings = run.settings();
    log.write(Event.INTERVAL_START, "init_start", null, Map.of());
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("submission_benchmark", "belay_" + task.network().name());
    facts.put("submission_division", "open");
    facts.put("submission_status", "research");
    facts.put("submission_platform", run.job().scheduler());
    facts.put("seed", settings.train().seed());
    facts.put("global_batch_size", settings.train().batch());
    facts.put("train_samples", task.trainImages());
    facts.put("eval_samples", task.judge().images());
    facts.put("gradient_accumulation_steps", 1);
    facts.put("opt_name", settings.train().update().optimizer().name().toLowerCase(Locale.ROOT));
    TrainSettings train = settings.train();
    facts.put("opt_base_learning_rate", train.rate().peak(train.batch()));
    facts.put(
        "opt_learning_rate_warmup_steps",
        train.rate().warmupSteps(train.stepsPerEpoch(task.trainImages())));
    facts.put("target_quality", settings.train().targetLoss());
    facts.forEach((key, value) -> log.write(Event.POINT_IN_TIME, key, value, Map.of()));
    log.write(Event.INTERVAL_END, "init_stop", null, Map.of());
    log.write(Event.INTERVAL_START, "run_start", null, Map.of());
  }

  @Override
  public void epochBegins(int epoch) {
    write(Event.INTERVAL_START, "epoch_start", null, epoch);
  }

  @Override
  public void step(int images, double learningRate) {
    meters.step(images, learningRate);
  }

  @Override
  public void loss(double meanLoss) {
    meters.loss(meanLoss);
  }

  @Override
  public void evaluationBegins(int epoch) {
    write(Event.INTERVAL_END, "epoch_stop", null, epoch);
    write(Event.INTERVAL_START, "eval_start", null, epoch);
  }

  @Override
  public void epochEnds(EpochResult result) {
    meters.epoch(
        result.epoch(),
        result.testLoss(),
        result.validationLoss(),
        result.liveFeatures(),
        result.seconds(),
        result.evaluationSeconds());
    writeQuality(result);
    write(Event.INTERVAL_END, "eval_stop", null, result.epoch());
  }

  private void writeQuality(EpochResult result) {
    write(Event.POINT_IN_TIME, "eval_error", result.judgedLoss(), result.epoch());
    if (!Double.isNaN(result.judgedAccuracy())) {
      write(Event.POINT_IN_TIME, "eval_accuracy", result.judgedAccuracy(), result.epoch());
    }
  }

  /** All epochs are done. */
  void runEnds(Progress progress, double targetLoss) {
    Optional<EpochResult> reached = progress.reached(targetLoss);
    boolean isSuccess = targetLoss == 0 || reached.isPresent();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("status", isSuccess ? "success" : "aborted");
    facts.put("epoch_num", progress.epoch());
    reached.ifPresent(
        result -> {
          facts.put("target_epoch_num", result.epoch());
          facts.put("seconds_to_target", progress.secondsUntil(result.epoch()));
        });
    log.ifPresent(lines -> lines.write(Event.INTERVAL_END, "run_stop", null, facts));
  }

  private void write(Event event, String key, Object value, int epoch) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("epoch_num", epoch);
    facts.put("samples_count", (long) epoch * trainImages);
    log.ifPresent(lines -> lines.write(event, key, value, facts));
  }

  @Override
  public void close() {
    log.ifPresent(MlperfLog::close);
  }
}
