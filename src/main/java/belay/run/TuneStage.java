package belay.run;

import belay.backend.Backend;
import belay.checkpoint.Checkpoints;
import belay.conf.Configuration;
import belay.conf.settings.Entry;
import belay.conf.settings.Settings;
import belay.error.ConfigurationException;
import belay.hdf.Sha256;
import belay.job.StopSignals;
import belay.metrics.TrainMeters;
import belay.train.TrainWatch;
import belay.tune.Bench;
import belay.tune.Finding;
import belay.tune.Part;
import belay.tune.Setup;
import belay.tune.Shown;
import belay.tune.TrainingCommand;
import belay.tune.TrialFile;
import belay.tune.Tuner;
import belay.view.Figures;
import belay.view.Tuning;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Looks for a learning rate and a weight decay, in a run directory of its own. */
public final class TuneStage {
  private static final String FILE = "tune.jsonl";
  private static final String PAGE = "tune.html";
  private static final String SOURCE = "tune";

  /** What digests and first weights say already, or decides nothing. */
  private static final Set<String> NO_FACTS =
      Set.of("train.network", "train.limit", "train.init", "train.start");

  private final StageRun run;
  private final Inputs inputs;
  private final Configuration common; // of all trials

  private TuneStage(StageRun run) {
    this.run = run;
    refuseTrainedRun();
    this.inputs = run.bench().judgedInputs();
    this.common = run.configuration().with(common(), SOURCE);
    Inputs.refuseWhatCannotBe(inputs.network(), common.settings());
  }

  /** Where the page of a tuning stands. */
  public static Path page(StageRun run) {
    return run.directory().path().resolve(PAGE);
  }

  /** Where a tuning keeps its trials. */
  static Path file(Path run) {
    return run.resolve(FILE);
  }

  /**
   * @param only step to make; all where it is empty
   * @param told after each step, with what has been found so far
   */
  public static Result run(StageRun run, Optional<Part> only, Consumer<Tuning> told) {
    return new TuneStage(run).run(only, told);
  }

  /**
   * What came of it.
   *
   * @param keys to train with
   * @param tuning the same for people
   */
  public record Result(List<Finding> findings, Map<String, String> keys, Tuning tuning) {}

  private Result run(Optional<Part> only, Consumer<Tuning> told) {
    Backend backend = run.bench().backend();
    Bench bench = bench(backend);
    TrialFile file = TrialFile.open(file(run.directory().path()), run.lease());
    run.works();
    run.keys().tune();
    Settings settings = run.settings();
    double decay = settings.train().update().decay().weightDecay();
    Tuner tuner = new Tuner(bench, settings.tune(), decay, file);
    List<Finding> found =
        run.bench()
            .timings()
            .of("train", () -> tuner.run(only, sofar -> told.accept(tuning(sofar))));
    return new Result(found, keys(found), tuning(found));
  }

  private void refuseTrainedRun() {
    if (!new Checkpoints(run.directory().checkpoints()).list().isEmpty()) {
      throw new ConfigurationException(
          "%s holds a training; tune in a directory of its own: use another --run"
              .formatted(run.directory().path()));
    }
  }

  /**
   * The rate of steps as it is, standing still, and no end but that of the trial; averages of
   * weights begin too slowly for an epoch or two.
   */
  private Map<String, String> common() {
    Settings settings = run.settings();
    RateOfSteps rate = new RateOfSteps(settings.train(), inputs.dataset().train().count());
    Map<String, String> keys = new TreeMap<>();
    keys.put("train.learning-rate", Double.toString(rate.peak()));
    keys.put("train.learning-rate-per", "0");
    keys.put("train.schedule", "constant");
    keys.put("train.warmup-steps", Integer.toString(rate.warmUp()));
    keys.put("train.warmup-epochs", "0");
    keys.put("train.epochs", "1");
    keys.put("train.patience-epochs", "0");
    keys.put("train.target-loss", "0");
    keys.put("train.stop-at-target", "false");
    keys.put("train.average", "0");
    keys.put("train.swa-epochs", "0");
    keys.put("checkpoint.interval-seconds", "0");
    return keys;
  }

  private Bench bench(Backend backend) {
    float[] weights =
        StartingWeights.of(inputs.network(), run.settings().train(), inputs.dataset().train());
    Map<String, String> facts =
        Map.of(
            "images", inputs.dataset().digest(),
            "network", inputs.network().digest(),
            "weights", Sha256.of(weights),
            "arithmetic", backend.arithmetic());
    return new Bench(
        backend,
        inputs.network(),
        inputs.dataset(),
        weights,
        this::setup,
        facts,
        watch(),
        StopSignals::requested);
  }

  private Setup setup(Map<String, String> keys) {
    Configuration trial = common.with(keys, SOURCE);
    Settings settings = trial.settings();
    Map<String, String> facts = new TreeMap<>();
    for (Entry entry : trial.entries().values()) {
      if (entry.key().startsWith("train.") && !NO_FACTS.contains(entry.key())) {
        facts.put(entry.key(), entry.value());
      }
    }
    return new Setup(
        Translation.trainSpec(settings.train()),
        Translation.trainerSettings(settings, inputs.dataset().train().count()),
        facts);
  }

  private TrainWatch watch() {
    TrainMeters meters = new TrainMeters(run.metering().metrics());
    return new TrainWatch() {
      @Override
      public void step(int images, double learningRate) {
        meters.step(images, learningRate);
      }

      @Override
      public void loss(double meanLoss) {
        meters.loss(meanLoss);
      }
    };
  }

  /** Of the last step that found some; what the trials needed of the run's own besides. */
  private Map<String, String> keys(List<Finding> found) {
    Map<String, String> keys = new TreeMap<>();
    found.forEach(finding -> keys.putAll(finding.keys()));
    if (!keys.isEmpty()) {
      int heldOut = inputs.dataset().judging().count();
      keys.put("data.validation", Integer.toString(heldOut));
      if (run.settings().train().rate().learningRatePer() > 0) {
        keys.put("train.learning-rate-per", "0");
      }
    }
    return keys;
  }

  private Tuning tuning(List<Finding> found) {
    Map<String, String> keys = keys(found);
    String command =
        keys.isEmpty() ? "" : TrainingCommand.of(run.directory().path(), ofTraining(keys));
    String name = run.directory().path().toAbsolutePath().normalize().getFileName().toString();
    return new Tuning(name, notes(), Shown.of(found), command);
  }

  /** What the run says of a training, and over it what was found. */
  private Map<String, String> ofTraining(Map<String, String> found) {
    Map<String, String> keys = new TreeMap<>();
    Configuration defaults = Configuration.of(Map.of());
    for (Entry entry : run.configuration().differences(defaults).values()) {
      if (entry.key().matches("backend|(data|train|cuda|cpu)\\..*")) {
        keys.put(entry.key(), entry.value());
      }
    }
    keys.putAll(run.keys().places());
    keys.putAll(found);
    return keys;
  }

  private List<String> notes() {
    int heldOut = inputs.dataset().judging().count();
    List<String> notes = new ArrayList<>();
    notes.add(
        "The network %s on %s training images; %s held-out images judge, no test image does."
            .formatted(
                inputs.network().name(),
                Figures.count(inputs.dataset().train().count()),
                Figures.count(heldOut)));
    if (run.settings().data().validation() == 0) {
      notes.add(
          "data.validation is 0: tune has held a tenth out, and the command below does so too.");
    }
    return notes;
  }
}
