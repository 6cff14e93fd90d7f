package belay.run;

import belay.checkpoint.Checkpoint;
import belay.checkpoint.KeyHistory;
import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunJournal;
import belay.conf.Configuration;
import belay.conf.settings.Entry;
import belay.error.ConfigurationException;
import belay.storage.DiskProblem;
import belay.storage.PlainFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The keys of a command beside those of its run: which of them can still be obeyed, and what
 * run.properties remembers, which must not be what no file was made with.
 */
final class RunKeys {
  private static final System.Logger LOG = System.getLogger("belay.run");

  /** What the first weights and the order of the images follow from. */
  private static final Set<String> FIRST = Set.of("train.seed", "train.init", "train.start");

  /** What ends a training. */
  static final Set<String> END =
      Set.of("train.epochs", "train.patience-epochs", "train.target-loss", "train.stop-at-target");

  /** What they name is compared by its digest. */
  private static final Set<String> BY_DIGEST = Set.of("train.network", "train.limit");

  private final Configuration now;
  private final RunDirectory directory;
  private final RunJournal journal;
  private Optional<Configuration> remembered;

  /**
   * @param now the effective configuration of the command
   */
  RunKeys(Configuration now, RunDirectory directory, RunJournal journal) {
    this.now = now;
    this.directory = directory;
    this.journal = journal;
    this.remembered = read();
  }

  private Optional<Configuration> read() {
    Path file = directory.properties();
    return Files.exists(file) ? Optional.of(Configuration.kept(file)) : Optional.empty();
  }

  /**
   * @param newest checkpoint of the run
   * @throws ConfigurationException if the command has other values of what decided its weights
   */
  void refuseOtherBeginning(Checkpoint newest) {
    Map<String, String> then = newest.configuration();
    refuse(only(FIRST::contains, now.differences(then)), then, "its weights were made with them");
  }

  /**
   * Begins to train with these keys: remembers all of them.
   *
   * @param newest what the training goes on from, if there is something
   * @param history of all changes, this command's included
   */
  void train(Optional<Checkpoint> newest, KeyHistory history) {
    if (newest.isPresent()) {
      remembered.ifPresent(
          before ->
              now.differences(before)
                  .forEach((key, entry) -> tellOfChange(before.entries().get(key), entry)));
    }
    write(now.toProperties(places()), history);
  }

  /** Remembers the keys of a tuning, which makes again what it has made with others. */
  void tune() {
    write(now.toProperties(places()), KeyHistory.NONE);
  }

  /** The changes that led to a checkpoint, and those that this command makes after it. */
  KeyHistory history(Checkpoint newest) {
    Map<String, String> then = newest.configuration();
    KeyHistory history = KeyHistory.of(newest.provenance());
    for (Entry entry : only(RunKeys::isOfTraining, now.differences(then)).values()) {
      if (!BY_DIGEST.contains(entry.key())) {
        history = history.with(entry.key(), then.get(entry.key()), entry.value(), newest.name());
      }
    }
    return history;
  }

  /**
   * Remembers of a complete training what has just ended it, and where network and images are now.
   *
   * @param newest its last checkpoint
   * @return what was set anew and is forgotten, since nothing is made with it
   * @throws ConfigurationException if keys were set anew that only more training could obey
   */
  Map<String, Entry> trainingIsComplete(Checkpoint newest) {
    Map<String, Entry> anew = setAnew(newest);
    Map<String, Entry> obeyed = only(key -> isPlace(key) || hasEnded(key, newest), anew);
    obeyed.putAll(only(key -> isOfTraining(key) && !isOther(key, newest), anew));
    anew.keySet().removeAll(obeyed.keySet());
    String reason =
        wasOver(newest)
            ? "the training is complete"
            : "the training ends at once, after %d epochs".formatted(newest.progress().epoch());
    refuse(only(RunKeys::isOfTraining, anew), newest.configuration(), reason);
    refuseOtherBeginning(newest);
    if (remembered.isEmpty()) { // lost: the checkpoint knows
      Map<String, String> made = only(RunKeys::isOfTraining, newest.configuration());
      write(now.toProperties(made), history(newest));
    } else if (!obeyed.isEmpty()) {
      write(remembered.get().toProperties(values(obeyed)), history(newest));
    }
    return anew;
  }

  /** What this command says otherwise than the run has it. */
  private Map<String, Entry> setAnew(Checkpoint newest) {
    Map<String, Entry> anew =
        only(
            key -> true,
            remembered
                .map(now::differences)
                .orElseGet(() -> now.differences(newest.configuration())));
    anew.values().removeIf(Entry::isDefault);
    return anew;
  }

  /** Whether the weights were made with another value. */
  private boolean isOther(String key, Checkpoint newest) {
    return END.contains(key) || now.differences(newest.configuration()).containsKey(key);
  }

  /** Remembers the keys of a later stage, which begins to work with them. */
  void use(String prefix) {
    Map<String, Entry> anew =
        remembered
            .map(before -> only(key -> key.startsWith(prefix), now.differences(before)))
            .orElse(Map.of());
    if (!anew.isEmpty()) {
      write(remembered.get().toProperties(values(anew)), KeyHistory.ofComments(text()));
    }
  }

  /**
   * Says which keys of the training were set anew and change nothing in a later stage.
   *
   * @param obeyed those that do
   */
  void tellOfLate(Set<String> obeyed) {
    Map<String, Entry> anew =
        remembered
            .map(before -> only(RunKeys::isOfTraining, now.differences(before)))
            .orElse(Map.of());
    for (Entry entry : anew.values()) {
      String then = remembered.get().entries().get(entry.key()).value();
      boolean isSamePlace = then.equals(places().get(entry.key()));
      if (!obeyed.contains(entry.key()) && !entry.isDefault() && !isSamePlace) {
        LOG.log(
            System.Logger.Level.WARNING,
            "%s = %s (%s) changes nothing here: the run was trained with %s"
                .formatted(entry.key(), entry.value(), entry.source(), then));
      }
    }
  }

  private static boolean isOfTraining(String key) {
    return key.startsWith("train.");
  }

  private static boolean isPlace(String key) {
    return key.startsWith("data.") || BY_DIGEST.contains(key);
  }

  private boolean wasOver(Checkpoint newest) {
    return remembered
        .map(before -> Translation.goal(before.settings().train()))
        .filter(goal -> goal.isReached(newest.progress()))
        .isPresent();
  }

  /** Whether a key has ended the training just now, at a place that it had not passed. */
  private boolean hasEnded(String key, Checkpoint newest) {
    boolean isPassed =
        key.equals("train.epochs") && now.settings().train().epochs() < newest.progress().epoch();
    return END.contains(key) && !wasOver(newest) && !isPassed;
  }

  private void refuse(Map<String, Entry> keys, Map<String, String> then, String reason) {
    if (keys.isEmpty()) {
      return;
    }
    String named =
        keys.values().stream()
            .map(
                entry ->
                    "%s = %s (%s; the run has %s)"
                        .formatted(
                            entry.key(), entry.value(), entry.source(), then.get(entry.key())))
            .collect(Collectors.joining(", "));
    throw new ConfigurationException(
        "%s cannot obey %s any more, as %s: set what the run has, or use another --run"
            .formatted(directory.path(), named, reason));
  }

  private static void tellOfChange(Entry before, Entry now) {
    boolean decidesWeights = isOfTraining(now.key());
    LOG.log(
        decidesWeights ? System.Logger.Level.WARNING : System.Logger.Level.INFO,
        "changed=%s before=%s now=%s source=\"%s\"%s"
            .formatted(
                now.key(),
                before.value(),
                now.value(),
                now.source(),
                decidesWeights ? ": the result will not be that of an unchanged run" : ""));
  }

  private void write(String properties, KeyHistory history) {
    journal.properties(history.comments() + properties);
    remembered = read();
  }

  private String text() {
    try {
      return PlainFile.textOwn(directory.properties());
    } catch (IOException e) {
      throw DiskProblem.of("read", directory.properties(), e);
    }
  }

  /** As run.properties is to say it. */
  private Map<String, String> values(Map<String, Entry> entries) {
    Map<String, String> values = texts(entries);
    values.putAll(only(entries::containsKey, places()));
    return values;
  }

  /** The next command may come from another working directory. */
  Map<String, String> places() {
    Map<String, String> paths = new TreeMap<>();
    now.settings().data().dir().ifPresent(path -> paths.put("data.dir", path.toString()));
    String network = now.settings().train().network();
    if (NetworkSource.isPath(network)) {
      paths.put("train.network", Path.of(network).toAbsolutePath().normalize().toString());
    }
    return paths;
  }

  private static Map<String, String> texts(Configuration configuration) {
    return texts(configuration.entries());
  }

  private static Map<String, String> texts(Map<String, Entry> entries) {
    Map<String, String> texts = new TreeMap<>();
    entries.forEach((key, entry) -> texts.put(key, entry.value()));
    return texts;
  }

  private static <T> Map<String, T> only(Predicate<String> wanted, Map<String, T> all) {
    Map<String, T> some = new LinkedHashMap<>(all);
    some.keySet().removeIf(wanted.negate());
    return some;
  }
}
