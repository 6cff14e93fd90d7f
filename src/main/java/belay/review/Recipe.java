package belay.review;

import belay.checkpoint.Attempt;
import belay.checkpoint.CheckpointFile;
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
      train(newest);
      boolean isTrained = !steps.isEmpty();
      lineage
          .featureFile()
          .filter(made -> isTrained)
          .ifPresent(features -> extract(features, newest));
    }
  }

  /** In order; none of a run that has made nothing yet, or that nothing repeats. */
  List<Step> steps() {
    return List.copyOf(steps);
  }

  List<String> remarks() {
    return List.copyOf(remarks);
  }

  private void train(Optional<CheckpointFile.Outline> newest) {
    Map<String, String> keys = new LinkedHashMap<>(run.configuration());
    newest.ifPresent(outline -> keys.putAll(outline.configuration()));
    // Where they are now; that they are the same was seen by their digests.
    run.configuration().entrySet().stream()
        .filter(key -> key.getKey().startsWith("data.") || key.getKey().equals("train.network"))
        .forEach(key -> keys.put(key.getKey(), key.getValue()));
    KeyHistory history =
        newest.map(outline -> KeyHistory.of(outline.provenance())).orElse(KeyHistory.NONE);
    TrainingSteps training = TrainingSteps.of(lineage, keys, history, Recipe::isOfTraining);
    steps.addAll(training.steps());
    remarks.addAll(training.remarks());
    remembered = new LinkedHashMap<>(RunProperties.defaults());
    training.keys().entrySet().stream()
        .filter(key -> isOfTraining(key.getKey()))
        .forEach(key -> remembered.put(key.getKey(), key.getValue()));
  }

  /** What changes no file, or belongs to another command, is not said. */
  private static boolean isOfTraining(String key) {
    return RunProperties.isOfRun(key) && !key.matches("(extract|svm|cluster|lease|log)\\..*");
  }

  private void extract(Made features, Optional<CheckpointFile.Outline> newest) {
    Optional<String> checkpoint = checkpoint();
    if (checkpoint.isEmpty()) {
      return;
    }
    String images = newest.map(outline -> outline.provenance().get("data-digest")).orElse("");
    boolean areSame = images.equals(features.digest("data_sha256"));
    List<String> options =
        checkpoint.get().isEmpty() ? List.of() : List.of("--checkpoint", checkpoint.get());
    steps.add(
        new Step(
            "extract",
            options,
            anew(
                features,
                key ->
                    key.startsWith(EXTRACT)
                        || key.equals("train.precision")
                        || !areSame && (key.startsWith("data.") || key.equals("train.limit")))));
    lineage.classifierFile().ifPresent(classifier -> classify(classifier, features));
  }

  /**
   * The option of extract, empty where it needs none; nothing if the file is not there any more.
   */
  private Optional<String> checkpoint() {
    Optional<Lineage.Product> features = lineage.features();
    if (features.filter(Lineage.Product::isOfEncoder).isPresent()) {
      return Optional.of("");
    }
    Optional<String> named = features.map(Lineage.Product::checkpoint).filter(lineage::isThere);
    if (named.isEmpty()) {
      remarks.add(
          "features.h5 is %s, which is not there any more: no command makes it again"
              .formatted(features.map(Lineage.Product::origin).orElse("damaged")));
    }
    return named;
  }

  private void classify(Made classifier, Made features) {
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
    if (isOwn && isPiped(classifier)) {
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
