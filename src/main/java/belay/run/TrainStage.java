package belay.run;

import belay.backend.Backend;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.checkpoint.Checkpoint;
import belay.checkpoint.CheckpointName;
import belay.checkpoint.CheckpointWriter;
import belay.checkpoint.Checkpoints;
import belay.checkpoint.Checkpoints.Saved;
import belay.checkpoint.KeyHistory;
import belay.conf.settings.Entry;
import belay.conf.settings.Settings;
import belay.data.Dataset;
import belay.error.ConfigurationException;
import belay.error.DataException;
import belay.error.StoppedException;
import belay.job.StopSignals;
import belay.net.TrainState;
import belay.train.Progress;
import belay.train.StateKeeper;
import belay.train.TrainTask;
import belay.train.Trainer;
import belay.train.TrainerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From the newest checkpoint, or from random weights, to the last epoch. */
public final class TrainStage {
  private static final System.Logger LOG = System.getLogger("belay.train");
  private static final String DATA_DIGEST = "data-digest";
  private static final String SUMS = "order-of-sums";
  private static final String PRECISION = ", (fp32|tf32|bf16|fp16)$";

  /** What checkpoints of the version without shards do not say of themselves. */
  private static final Map<String, String> BEFORE = Map.of(SUMS, "launch by launch");

  private final StageRun run;
  private final Settings settings;
  private final Inputs inputs;
  private final Checkpoints checkpoints;

  private TrainStage(StageRun run) {
    this.run = run;
    this.settings = run.settings();
    this.inputs = run.bench().inputs();
    this.checkpoints = new Checkpoints(run.directory().checkpoints());
  }

  public static void run(StageRun run) {
    new TrainStage(run).run();
  }

  private void run() {
    Optional<Checkpoint> newest = newest();
    Progress progress = newest.map(Checkpoint::progress).orElseGet(Progress::start);
    long taken = newest.map(before -> before.state().step()).orElse(0L);
    int images = inputs.dataset().train().count();
    TrainSpec spec = Translation.trainSpec(settings.train(), images, taken, progress);
    if (newest.isPresent() && Translation.goal(settings.train()).isReached(progress)) {
      complete(newest.get());
      return;
    }
    newest.ifPresent(run.keys()::refuseOtherBeginning);
    Inputs.refuseWhatCannotBe(inputs.network(), settings);
    TrainState state = newest.map(Checkpoint::state).orElseGet(() -> initial(spec));
    newest.ifPresent(before -> slotCheck().fits(before, spec));
    rate().tell();
    keepCurves(progress);
    Backend backend = run.bench().backend();
    Map<String, String> provenance = provenance(backend);
    KeyHistory history = newest.map(before -> history(before, provenance)).orElse(KeyHistory.NONE);
    provenance.putAll(history.facts());
    Timings timings = run.bench().timings();
    try (TrainPlan plan = timings.of("compile", () -> compile(backend, spec, state));
        CheckpointWriter writer = new CheckpointWriter(checkpoints, run.lease(), this::saved)) {
      // Not before: a device that is missing or refuses must not be remembered.
      run.works();
      run.keys().train(newest, history);
      run.metering().checkpoints(writer);
      StateKeeper keeper =
          (reachedState, reached) -> {
            boolean isOnDisk = reached.equals(progress) && reachedState.step() > 0;
            if (!isOnDisk) {
              writer.submit(checkpoint(reachedState, reached, provenance));
            }
          };
      timings.of("train", () -> train(plan, task(spec), progress, state.step(), keeper, writer));
      timings.of("checkpoint files", writer::close);
      timings.of("profile", () -> profile(plan, backend));
    }
  }

  private void complete(Checkpoint newest) {
    Map<String, Entry> forgotten = run.keys().trainingIsComplete(newest);
    if (run.stage().equals("train")) {
      forgotten.values().forEach(TrainStage::tellOfForgotten);
    }
    keepCurves(newest.progress());
    LOG.log(
        System.Logger.Level.INFO, "epochs=%d complete=true".formatted(newest.progress().epoch()));
  }

  private static void tellOfForgotten(Entry entry) {
    LOG.log(
        System.Logger.Level.INFO,
        "forgotten=%s value=%s source=\"%s\": there is nothing to do with it here"
            .formatted(entry.key(), entry.value(), entry.source()));
  }

  private TrainPlan compile(Backend backend, TrainSpec spec, TrainState state) {
    return backend.compileTraining(
        inputs.network(), spec, inputs.dataset().train(), inputs.dataset().judging(), state);
  }

  private TrainTask task(TrainSpec spec) {
    Dataset images = inputs.dataset();
    TrainTask.Judge judge =
        new TrainTask.Judge(images.judging().count(), images.validation().isPresent());
    return new TrainTask(inputs.network(), spec, images.train().count(), judge);
  }

  private void train(
      TrainPlan plan,
      TrainTask task,
      Progress start,
      long steps,
      StateKeeper keeper,
      CheckpointWriter writer) {
    boolean isResumed = start.epoch() > 0 || steps > 0;
    try (RunWatch watch = RunWatch.of(run, task, start, isResumed)) {
      Progress end =
          new Trainer(plan, settings(), task, keeper, watch, StopSignals::requested)
              .run(start, steps);
      watch.runEnds(end, settings.train().targetLoss());
    } catch (StoppedException stopped) {
      writer.close(); // exit code 99 promises that the state is safe: a failed write must win
      throw stopped;
    }
  }

  /** Once, when nothing more depends on the plan's state. */
  private void profile(TrainPlan plan, Backend backend) {
    if (settings.metrics().profile() && run.directory().profile().isEmpty()) {
      new StepProfiler(plan, settings.train(), inputs.dataset().train().count())
          .profile(backend.describe())
          .ifPresent(run.journal()::profile);
    }
  }

  private Checkpoint checkpoint(
      TrainState state, Progress progress, Map<String, String> provenance) {
    return new Checkpoint(
        state,
        progress,
        inputs.network(),
        run.values(),
        Provenance.complete(provenance),
        inputs.dataset().classNames());
  }

  private TrainerSettings settings() {
    return Translation.trainerSettings(settings, inputs.dataset().train().count());
  }

  private Optional<Checkpoint> newest() {
    Optional<Saved> saved = checkpoints.newestValid(this::checkReachable);
    saved.ifPresent(this::checkSameRun);
    saved.ifPresent(this::announce);
    return saved.map(Saved::checkpoint);
  }

  private void announce(Saved saved) {
    int epoch = saved.checkpoint().progress().epoch();
    long step = saved.checkpoint().state().step();
    LOG.log(
        System.Logger.Level.INFO,
        "resumed=%s epoch=%d step=%d".formatted(saved.file().getFileName(), epoch, step));
    // The status may name a checkpoint that has turned out to be damaged.
    run.journal().status(status -> status.at(epoch, step).saved(relative(saved.file())));
  }

  private String relative(Path file) {
    return run.directory().path().relativize(file).toString();
  }

  /** What a checkpoint cannot tell by itself: whether a training on these images leads there. */
  private void checkReachable(Saved saved) {
    Checkpoint before = saved.checkpoint();
    int position = before.progress().position();
    int images = inputs.dataset().train().count();
    if (hasTheseImages(before) && position > images) {
      throw new DataException(
          "%s: /progress@position is %d of %d training images"
              .formatted(saved.file(), position, images));
    }
    slotCheck().whole(saved);
  }

  private SlotCheck slotCheck() {
    return new SlotCheck(settings.train().update());
  }

  private boolean hasTheseImages(Checkpoint before) {
    return inputs.dataset().digest().equals(before.provenance().get(DATA_DIGEST));
  }

  /** Another network or other images would make a run that nobody can repeat. */
  private void checkSameRun(Saved saved) {
    Checkpoint before = saved.checkpoint();
    if (!before.network().digest().equals(inputs.network().digest())) {
      throw new ConfigurationException(
          "%s was trained with another network (%s) than train.network = %s; use another --run"
              .formatted(saved.file(), before.network().name(), settings.train().network()));
    }
    if (!hasTheseImages(before)) {
      throw new ConfigurationException(
          "%s was trained with other images than data.dir = %s, train.limit = %d, data.validation = %d; use another --run"
              .formatted(
                  saved.file(),
                  settings.data().requireDir(),
                  settings.train().limit(),
                  settings.data().validation()));
    }
  }

  /** What has changed since the beginning, now included; warns of other bits. */
  private KeyHistory history(Checkpoint before, Map<String, String> now) {
    KeyHistory history = run.keys().history(before);
    for (String fact : List.of("arithmetic", "belay-version", SUMS)) {
      String then = before.provenance().getOrDefault(fact, BEFORE.get(fact));
      if (!now.get(fact).equals(then)) {
        history = and(fact, then, now.get(fact), before.name(), history);
        LOG.log(
            System.Logger.Level.WARNING,
            "%s=\"%s\" before=\"%s\": the weights may differ in their last bits from those of an uninterrupted run"
                .formatted(fact, now.get(fact), then));
      }
    }
    return history;
  }

  /** The precision is a key of its own, which the arithmetic repeats. */
  private static KeyHistory and(
      String fact, String then, String now, CheckpointName after, KeyHistory history) {
    String before = then == null ? "unknown" : then.replaceFirst(PRECISION, "");
    String present = now.replaceFirst(PRECISION, "");
    return before.equals(present) ? history : history.with(fact, before, present, after);
  }

  private RateOfSteps rate() {
    return new RateOfSteps(settings.train(), inputs.dataset().train().count());
  }

  private TrainState initial(TrainSpec spec) {
    float[] weights =
        StartingWeights.of(inputs.network(), settings.train(), inputs.dataset().train());
    return TrainState.initial(inputs.network(), weights, spec.slots());
  }

  private Map<String, String> provenance(Backend backend) {
    Provenance facts = new Provenance();
    facts.put(DATA_DIGEST, inputs.dataset().digest());
    facts.put("network-sha256", inputs.network().digest());
    facts.on(backend);
    facts.put("arithmetic", backend.arithmetic() + ", " + settings.train().precision());
    facts.put(SUMS, "shard by shard");
    rate().fact().ifPresent(peak -> facts.put("peak-learning-rate", peak));
    return facts.of(run);
  }

  /** On the writer's thread, when a checkpoint is safe. */
  private void saved(Path file, Checkpoint checkpoint) throws IOException {
    Progress progress = checkpoint.progress();
    run.journal()
        .status(
            status -> status.at(progress.epoch(), checkpoint.state().step()).saved(relative(file)));
    keepCurves(progress);
    checkpoints.prune(settings.checkpoint().keep(), progress.bestEpoch());
  }

  private void keepCurves(Progress progress) {
    run.journal().metrics(progress.history());
    if (settings.metrics().tensorboard()) {
      Curves.write(run.directory().eventFile(), progress.history(), run.lease());
    }
  }
}
