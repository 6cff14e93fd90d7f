package belay.review;

import belay.checkpoint.Attempt;
import belay.checkpoint.RunStatus;
import belay.conf.KeyDescription;
import belay.error.ConfigurationException;
import belay.view.GpuTime;
import belay.view.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A column of the table of runs: a result, or a key of the configuration.
 *
 * @param value of a run: a number, a text, or null where there is none
 */
public record RunColumn(String name, Function<RunRecord, Object> value) {
  /** Shown where nobody chooses. */
  public static final List<String> USUAL =
      List.of(
          "run",
          "state",
          "epoch",
          "test-loss",
          "live-features",
          "accuracy",
          "accuracy-epoch",
          "images-per-second",
          "attempts",
          "updated");

  /** Shown beside them, before "live-features", where some run has a value. */
  static final List<String> BESIDE_USUAL =
      List.of("validation-loss", "test-accuracy", "validation-accuracy");

  private static final List<String> STATES =
      Stream.of(Outcome.values())
          .filter(outcome -> outcome != Outcome.OUTDATED) // of a stage alone
          .map(Outcome::toString)
          .toList();

  private static final Set<String> TEXTS =
      Set.of("run", "stage", "host", "job", "version", "updated");

  private static final Map<String, Function<RunRecord, Object>> RESULTS = new LinkedHashMap<>();

  static {
    RESULTS.put("run", null); // depends on where the search began
    RESULTS.put("state", run -> run.outcome().toString());
    RESULTS.put("stage", run -> run.status().map(RunStatus::stage).orElse(null));
    RESULTS.put("epoch", run -> run.last().map(EpochLine::epoch).orElse(0));
    RESULTS.put("step", run -> run.status().map(RunStatus::step).orElse(0L));
    RESULTS.put("best-epoch", run -> run.best().map(EpochLine::epoch).orElse(null));
    RESULTS.put("test-loss", best(EpochLine::testLoss));
    RESULTS.put("validation-loss", best(EpochLine::validationLoss));
    RESULTS.put("train-loss", last(EpochLine::trainLoss));
    RESULTS.put("test-accuracy", best(EpochLine::testAccuracy));
    RESULTS.put("validation-accuracy", best(EpochLine::validationAccuracy));
    RESULTS.put("train-accuracy", last(EpochLine::trainAccuracy));
    RESULTS.put("live-features", last(EpochLine::liveFeatures));
    RESULTS.put("accuracy", run -> finite(run.accuracy()));
    RESULTS.put("accuracy-epoch", run -> run.lineage().classifierEpoch().orElse(null));
    RESULTS.put("images-per-second", last(EpochLine::imagesPerSecond));
    RESULTS.put("train-seconds", RunColumn::seconds);
    RESULTS.put("attempts", run -> run.attempts().size());
    RESULTS.put("interruptions", RunColumn::interruptions);
    RESULTS.put("gpu-hours", gpuHours(GpuTime::held));
    RESULTS.put("gpu-hours-lost", gpuHours(GpuTime::lost));
    RESULTS.put("gpu-hours-idle", gpuHours(GpuTime::idle));
    RESULTS.put("host", run -> latest(run, start -> start.host()));
    RESULTS.put("job", run -> latest(run, start -> start.jobId()));
    RESULTS.put("version", run -> latest(run, start -> start.version()));
    RESULTS.put("updated", run -> run.status().map(s -> s.updated().toString()).orElse(null));
  }

  /**
   * @param root that the names of runs are relative to
   * @throws ConfigurationException if there is no such column
   */
  static RunColumn named(String name, Path root) {
    if (name.equals("run")) {
      return new RunColumn(name, run -> relative(root, run.path()));
    }
    if (RESULTS.containsKey(name)) {
      return new RunColumn(name, RESULTS.get(name));
    }
    if (name.matches("[a-z]+(\\.[a-z0-9-]+)?") && isKey(name)) {
      return new RunColumn(name, run -> key(run, name));
    }
    throw unknown(name);
  }

  static ConfigurationException unknown(String name) {
    return new ConfigurationException(
        "There is no column "
            + name
            + "; take a key of belay config such as train.batch, or one of "
            + results());
  }

  /** Whether it is a column of this version; others may be keys of runs that another made. */
  boolean isKnown() {
    return RESULTS.containsKey(name) || RunProperties.key(name).isPresent();
  }

  /** What a value must be to be compared with this column's; empty if it is that. */
  Optional<String> mistake(String value) {
    boolean isNumber = Numbers.parse(value).isPresent();
    if (name.equals("state")) {
      return STATES.contains(value)
          ? Optional.empty()
          : Optional.of("one of " + String.join(", ", STATES));
    }
    if (RESULTS.containsKey(name)) {
      return isNumber || TEXTS.contains(name) ? Optional.empty() : Optional.of("a number");
    }
    return RunProperties.key(name)
        .filter(key -> !key.accepts(value))
        .filter(key -> !isNumber || Numbers.parse(key.defaultValue()).isEmpty())
        .map(KeyDescription::range);
  }

  /** Names of the columns that are no keys. */
  public static String results() {
    return RESULTS.keySet().stream().collect(Collectors.joining(", "));
  }

  private static boolean isKey(String name) {
    return name.equals("backend") || name.contains(".");
  }

  /** Whole numbers and reals as numbers, so that they sort and stand right. */
  private static Object key(RunRecord run, String name) {
    String text = run.shown(name);
    if (text == null || text.isEmpty()) {
      return null;
    }
    if (text.matches("-?[0-9]{1,18}")) {
      return Long.valueOf(text);
    }
    return text.matches("-?[0-9.]+([eE][-+]?[0-9]+)?") ? Numbers.parse(text).orElse(null) : text;
  }

  static String relative(Path root, Path run) {
    String name = root.relativize(run).toString();
    return name.isEmpty() ? "." : name;
  }

  private static Function<RunRecord, Object> best(Function<EpochLine, Double> part) {
    return run -> run.best().map(part).filter(EpochLine::isKnown).orElse(null);
  }

  private static Function<RunRecord, Object> last(Function<EpochLine, Double> part) {
    return run -> run.last().map(part).filter(EpochLine::isKnown).orElse(null);
  }

  private static Function<RunRecord, Object> gpuHours(Function<GpuTime, Duration> part) {
    return run -> GpuTime.hours(part.apply(run.gpuTime()));
  }

  private static Object finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private static Object seconds(RunRecord run) {
    return run.epochs().stream().mapToDouble(line -> EpochLine.orNone(line.seconds())).sum();
  }

  private static Object interruptions(RunRecord run) {
    return (int) run.attempts().stream().filter(a -> run.outcome(a).isInterruption()).count();
  }

  private static Object latest(RunRecord run, Function<Attempt.Start, String> part) {
    int count = run.attempts().size();
    return count == 0 ? null : part.apply(run.attempts().get(count - 1).start());
  }
}
