package belay.tune;

import belay.error.StoppedException;
import belay.hdf.Sha256;
import belay.json.Json;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes trials, or takes them from the file where they were made before. */
final class Trials {
  private static final System.Logger LOG = System.getLogger("belay.tune");

  private final Bench bench;
  private final TrialFile file;

  Trials(Bench bench, TrialFile file) {
    this.bench = bench;
    this.file = file;
  }

  Bench bench() {
    return bench;
  }

  /**
   * @param kind of the trial
   * @param amounts what decides it beside the keys
   * @param keys over those of the run
   * @param measuring makes it
   * @throws StoppedException if a stop was requested; trials before this one are safe
   */
  Trial of(
      String kind,
      Map<String, String> amounts,
      Map<String, String> keys,
      Function<Setup, Trial.Curve> measuring) {
    Setup setup = bench.setups().apply(keys);
    String id = id(kind, amounts, setup);
    Trial kept = file.find(id).orElse(null);
    if (kept != null) {
      tell(kept, " reused=true");
      return kept;
    }
    LOG.log(Level.INFO, "trial={0}{1}", kind, words(keys));
    long began = System.nanoTime();
    try {
      Trial.Curve curve = measuring.apply(setup);
      Trial made = new Trial(kind, keys, curve, (System.nanoTime() - began) * 1e-9);
      file.keep(id, made);
      tell(made, "");
      return made;
    } catch (StoppedException dropped) {
      throw new StoppedException(
          "Stopped in a trial (%s%s); the trials before it are saved".formatted(kind, words(keys)));
    }
  }

  private String id(String kind, Map<String, String> amounts, Setup setup) {
    Map<String, String> facts = new TreeMap<>(bench.facts());
    facts.putAll(setup.facts());
    amounts.forEach((name, value) -> facts.put("trial." + name, value));
    return Sha256.of(kind + "\n" + Json.line(facts));
  }

  private static void tell(Trial trial, String remark) {
    LOG.log(
        Level.INFO,
        "trial=%s%s%s seconds=%.1f%s"
            .formatted(trial.kind(), words(trial.keys()), result(trial), trial.seconds(), remark));
  }

  private static String result(Trial trial) {
    if (trial.diverged() || trial.points().isEmpty()) {
      return " diverged=true";
    }
    Point last = trial.last();
    String loss = Double.isNaN(last.loss()) ? "" : " loss=%.6f".formatted(last.loss());
    return " train-loss=%.6f%s".formatted(last.trainLoss(), loss);
  }

  private static String words(Map<String, String> keys) {
    return new TreeMap<>(keys)
        .entrySet().stream()
            .map(key -> " " + key.getKey().replaceFirst("^train\\.", "") + "=" + key.getValue())
            .collect(Collectors.joining());
  }
}
