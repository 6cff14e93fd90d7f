package belay.review;

import belay.checkpoint.Attempt;
import belay.checkpoint.CheckpointFile;
import belay.checkpoint.CheckpointName;
import belay.checkpoint.KeyHistory;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What leads to the files of a run: each stage with the keys that its file keeps, whatever else was
 * tried. What no command leads to is a remark.
 */
final class Recipe {
  private static final String EXTRACT = "extract.";
  private static final String CLASSIFY = "svm.";

  private final RunRecord run;
  private final Lineage lineage;
  private final List<Step> steps = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private Map<String, String> remembered = Map.of();

  /**
   * @param newest checkpoint of the run, if it has one
   */
  Recipe(RunRecord run, Optional<CheckpointFile.Outline> newest) {
    this.run = run;
    this.lineage = run.lineage();
    boolean hasBegun = newest.isPresent() || Files.exists(run.directory().properties());
    if (hasBegun) {
      TrainingSteps training = training(newest, Optional.empty());
      remarks.addAll(training.remarks());
      boolean isTrained = !training.phases().isEmpty();
      Optional<Source> source =
          lineage.features().filter(made -> isTrained).flatMap(of -> source(of, training, newest));
      source.ifPresentOrElse(from -> make(from, newest), () -> steps.addAll(training.steps()));
    }
  }

  /**
   * What features are made of.
   *
   * @param phases of the training before
   * @param options of extract
   */
  private record Source(TrainingSteps training, int phases, List<String> options) {
    List<TrainingSteps.Phase> before() {
      return training.phases().subList(0, phases);
    }

    List<TrainingSteps.Phase> after() {
      return training.phases().subList(phases, training.phases().size());
    }
  }

  /** In order; none of a run that has made nothing yet, or that nothing repeats. */
  List<Step> steps() {
    return List.copyOf(steps);
  }

  List<String> remarks() {
    return List.copyOf(remarks);
  }

  private TrainingSteps training(
      Optional<CheckpointFile.Outline> newest, Optional<CheckpointName> halt) {
    Map<String, String> keys = new LinkedHashMap<>(run.configuration());
    newest.ifPresent(outline -> keys.putAll(outline.configuration()));
    // Where they are now; that they are the same was seen by their digests.
    run.configuration().entrySet().stream()
        .filter(key -> key.getKey().startsWith("data.") || key.getKey().equals("train.network"))
        .forEach(key -> keys.put(key.getKey(), key.getValue()));
    KeyHistory history =
        newest.map(outline -> KeyHistory.of(outline.provenance())).orElse(KeyHistory.NONE);
    return TrainingSteps.of(lineage, keys, history, Recipe::isOfTraining, halt);
  }

  /** What changes no file, or belongs to another command, is not said. */
  private static boolean isOfTraining(String key) {
    return RunProperties.isOfRun(key) && !key.matches("(extract|svm|cluster|lease|log)\\..*");
  }

  /** Empty, with a remark, where no command leads to the checkpoint. */
  private Optional<Source> source(
      Lineage.Product features, TrainingSteps training, Optional<CheckpointFile.Outline> newest) {
    int all = training.phases().size();
    if (features.isOfEncoder()) {
      return Optional.of(new Source(training, all, List.of()));
    }
    String named = features.checkpoint();
    if (lineage.isThere(named)) {
      return Optional.of(new Source(training, all, List.of("--checkpoint", named)));
    }
    Optional<CheckpointName> gone = CheckpointName.parse(named).filter(CheckpointName::isWhole);
    Optional<Source> earlier =
        gone.flatMap(
            name -> earlier(name, training).or(() -> earlier(name, training(newest, gone))));
    if (earlier.isEmpty()) {
      remarks.add(
          "features.h5 is %s, which is not there any more: no command makes it again"
              .formatted(features.origin()));
    }
    return earlier;
  }

  /** Of a checkpoint that later epochs have taken the place of: made before those. */
  private Optional<Source> earlier(CheckpointName gone, TrainingSteps training) {
    for (int i = 0; i < training.phases().size(); i++) {
      int epoch = training.phases().get(i).epoch();
      if (lineage.encoderAfter(epoch) == gone.epoch()) {
        return Optional.of(new Source(training, i + 1, List.of()));
      }
      if (epoch == gone.epoch()) {
        List<String> options = List.of("--checkpoint", gone.toString());
        return Optional.of(new Source(training, i + 1, options));
      }
    }
    return Optional.empty();
  }

  private void make(Source source, Optional<CheckpointFile.Outline> newest) {
    source.before().forEach(phase -> steps.add(phase.step()));
    remembered = new LinkedHashMap<>(RunProperties.defaults());
    source.before().get(source.phases() - 1).keys().entrySet().stream()
        .filter(key -> isOfTraining(key.getKey()))
        .forEach(key -> remembered.put(key.getKey(), key.getValue()));
    extract(lineage.featureFile().orElseThrow(), source, newest);
    resume(source.after());
  }

  private void extract(Made features, Source source, Optional<CheckpointFile.Outline> newest) {
    String images = newest.map(outline -> outline.provenance().get("data-digest")).orElse("");
    boolean areSame = images.equals(features.digest("data_sha256"));
    steps.add(
        new Step(
            "extract",
            source.options(),
            anew(
                features,
                key ->
                    key.startsWith(EXTRACT)
                        || key.equals("train.precision")
                        || !areSame && (key.startsWith("data.") || key.equals("train.limit")))));
    lineage
        .classifierFile()
        .ifPresent(classifier -> classify(classifier, features, source.after().isEmpty()));
  }

  /** The training goes on with its own keys, whatever the stages between were given. */
  private void resume(List<TrainingSteps.Phase> phases) {
    if (phases.isEmpty()) {
      return;
    }
    TrainingSteps.Phase first = phases.get(0);
    Map<String, String> keys = new LinkedHashMap<>(first.step().keys());
    steps.stream()
        .filter(step -> !step.stage().equals("train"))
        .flatMap(step -> step.keys().keySet().stream())
        .filter(key -> isOfTraining(key) && first.keys().containsKey(key))
        .forEach(key -> keys.put(key, first.keys().get(key)));
    steps.add(new Step("train", List.of(), keys));
    phases.stream().skip(1).forEach(phase -> steps.add(phase.step()));
  }

  /**
   * @param isLast whether nothing follows
   */
  private void classify(Made classifier, Made features, boolean isLast) {
    boolean isOfThem =
        features.digest("weights_sha256").equals(classifier.fact("weights-sha256"))
            && features.digest("data_sha256").equals(classifier.fact("data-digest"));
    if (!isOfThem) {
      remarks.add("svm.h5 is of other features than features.h5: no command makes it again");
      return;
    }
    Map<String, String> keys =
        anew(classifier, key -> key.startsWith(CLASSIFY) || key.equals("train.seed"));
    boolean isOwn = keys.keySet().stream().allMatch(key -> key.startsWith(CLASSIFY));
    steps.add(new Step("classify", List.of(), keys));
    if (isLast && isOwn && isPiped(classifier)) {
      joinSteps();
    }
  }

  /** Keys that a file was made with, of those that its stage obeys, where they were set anew. */
  private Map<String, String> anew(Made made, Predicate<String> isObeyed) {
    return TrainingSteps.difference(
        made.keys(),
        remembered,
        key -> isObeyed.test(key) || key.equals("backend") || key.equals("cuda.tier"));
  }

  /**
   * Whether one pipeline made the classifier, and everything before it needs no words of its own.
   */
  private boolean isPiped(Made classifier) {
    String attempt = classifier.fact("attempt");
    boolean byPipeline =
        run.attempts().stream()
            .map(Attempt::start)
            .anyMatch(
                start ->
                    "pipeline".equals(start.stage())
                        && Integer.toString(start.attempt()).equals(attempt));
    return byPipeline
        && steps.size() == 3
        && steps.get(1).options().isEmpty()
        && steps.get(1).keys().keySet().stream().allMatch(key -> key.startsWith(EXTRACT));
  }

  private void joinSteps() {
    Map<String, String> all = new LinkedHashMap<>();
    steps.forEach(step -> all.putAll(step.keys()));
    steps.clear();
    steps.add(new Step("pipeline", List.of(), all));
  }
}
