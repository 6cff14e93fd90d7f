package belay.review;

import belay.checkpoint.CheckpointFile;
import belay.checkpoint.CheckpointName;
import belay.checkpoint.Checkpoints;
import belay.error.DataException;
import belay.hdf.Hdf5Reader;
import belay.hdf.Sha256;
import belay.svm.SvmFile;
import belay.train.EpochResult;
import belay.train.Goal;
import belay.train.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the files of a run were made of, and which stages are therefore complete: those that would
 * find nothing to do. Nothing but names and headers is read, unless digests differ.
 */
public final class Lineage {
  private final RunRecord run;
  private final Checkpoints checkpoints;
  private final Lazy<List<CheckpointName>> names;
  private final Lazy<Optional<Made>> featureFile;
  private final Lazy<Optional<Classifier>> classifierFile;
  private final Lazy<Optional<Product>> features;

  Lineage(RunRecord run) {
    this.run = run;
    checkpoints = new Checkpoints(run.directory().checkpoints());
    names = new Lazy<>(checkpoints::list);
    featureFile = new Lazy<>(() -> Made.read(run.directory().features()));
    classifierFile = new Lazy<>(() -> Made.read(run.directory().svm(), Classifier::of));
    features = new Lazy<>(() -> featureFile().map(this::features));
  }

  public static Lineage of(Path run) {
    return new Lineage(new RunRecord(run));
  }

  /**
   * A file that goes back to a checkpoint.
   *
   * @param checkpoint its name in the run, or its path elsewhere; empty where that is not known
   * @param isOfEncoder whether that is the checkpoint that features are to be made of
   * @param isPresent whether it is made of what the stage before has left
   */
  public record Product(String checkpoint, boolean isOfEncoder, boolean isPresent) {
    /** For people. */
    public String origin() {
      return checkpoint.isEmpty() ? "of an unknown checkpoint" : "of " + checkpoint;
    }
  }

  Optional<Made> featureFile() {
    return featureFile.get();
  }

  Optional<Made> classifierFile() {
    return classifierFile.get().map(Classifier::made);
  }

  /**
   * What the classifier said of the test images.
   *
   * @throws DataException if its file is there and not whole, or another version's
   */
  Optional<SvmFile.Judgement> judgement() {
    Path file = run.directory().svm();
    return classifierFile
        .get()
        .map(Classifier::judgement)
        .or(() -> Files.exists(file) ? Optional.of(SvmFile.readJudgement(file)) : Optional.empty());
  }

  /** Read together: to open a file takes longer than to read this of it. */
  private record Classifier(Made made, SvmFile.Judgement judgement) {
    static Classifier of(Hdf5Reader reader) {
      return new Classifier(Made.of(reader), SvmFile.readJudgement(reader));
    }
  }

  /** Features that are there and whole. */
  public Optional<Product> features() {
    return features.get();
  }

  /** A classifier that is there and whole. */
  public Optional<Product> classifier() {
    return classifierFile()
        .map(
            made -> {
              Optional<Product> source = features().filter(product -> isSource(made));
              String checkpoint = checkpoint(made);
              return new Product(
                  checkpoint,
                  isEncoder(checkpoint) || source.filter(Product::isOfEncoder).isPresent(),
                  source.isPresent());
            });
  }

  /** Whether all epochs are done and their last checkpoint is there. */
  boolean isTrained() {
    return newest()
        .filter(name -> isReached(run.configuration(), name.epoch()))
        .flatMap(name -> Made.read(checkpoints.file(name)))
        .isPresent();
  }

  boolean isExtracted() {
    return isTrained() && features().filter(Product::isPresent).isPresent();
  }

  boolean isClassified() {
    return isExtracted() && classifier().filter(Product::isPresent).isPresent();
  }

  /** Whether a training with these keys is complete after so many epochs of this one. */
  boolean isReached(Map<String, String> keys, int epoch) {
    Goal goal = goal(keys);
    return epoch >= goal.epochs() || goal.isReached(progress(epoch));
  }

  Optional<CheckpointName> newest() {
    return names.get().stream().findFirst();
  }

  /** The checkpoint that features are to be made of: the best, or else the newest. */
  public Optional<CheckpointName> encoder() {
    return newest().map(this::best);
  }

  /** The epoch whose checkpoint features were to be made of when there were no more epochs. */
  int encoderAfter(int epochs) {
    int best = progress(epochs).bestEpoch();
    return best == 0 ? epochs : best;
  }

  /** Finished epochs of the checkpoint that the classifier goes back to, if it is of this run. */
  Optional<Integer> classifierEpoch() {
    return classifierFile()
        .map(this::checkpoint)
        .flatMap(CheckpointName::parse)
        .map(CheckpointName::epoch);
  }

  /** What the classifier goes back to, if that is not what the best test loss is of. */
  Optional<String> otherOrigin() {
    boolean isUsual = classifierFile().filter(made -> isEncoder(checkpoint(made))).isPresent();
    return isUsual
        ? Optional.empty()
        : classifier().filter(product -> !product.isOfEncoder()).map(Product::origin);
  }

  /** Whether a checkpoint that a file names, in the run or elsewhere, can be read. */
  boolean isThere(String checkpoint) {
    Path file = run.directory().checkpoints().resolve(checkpoint); // an absolute path stays itself
    return !checkpoint.isEmpty() && Made.read(file).isPresent();
  }

  private CheckpointName best(CheckpointName newest) {
    int best = progress(newest.epoch()).bestEpoch();
    return names.get().stream()
        .filter(name -> name.isWhole() && name.epoch() == best)
        .findFirst()
        .orElse(newest);
  }

  private Progress progress(int epochs) {
    return new Progress(
        0,
        0,
        run.epochs().stream().filter(line -> line.epoch() <= epochs).map(Lineage::result).toList());
  }

  private static EpochResult result(EpochLine line) {
    double none = Double.NaN;
    return new EpochResult(
        line.epoch(),
        line.step(),
        none,
        EpochLine.orNone(line.testLoss()),
        EpochLine.orNone(line.validationLoss()),
        none,
        EpochLine.orNone(line.testAccuracy()),
        none,
        none,
        none,
        none,
        none,
        none,
        null,
        null);
  }

  private static Goal goal(Map<String, String> keys) {
    return new Goal(
        number(keys, "train.epochs", Integer.MAX_VALUE).intValue(),
        number(keys, "train.patience-epochs", 0).intValue(),
        number(keys, "train.target-loss", 0),
        Boolean.parseBoolean(keys.get("train.stop-at-target")));
  }

  private static Double number(Map<String, String> keys, String key, double otherwise) {
    return Numbers.parse(keys.getOrDefault(key, "")).orElse(otherwise);
  }

  private Product features(Made made) {
    boolean isPresent =
        encoder()
            .filter(name -> isOf(name, made) || hasWeights(name, made.digest("weights_sha256")))
            .isPresent();
    return new Product(made.checkpoint(), isPresent, isPresent);
  }

  private boolean isOf(CheckpointName name, Made made) {
    return made.checkpoint().equals(name.toString())
        && Made.read(checkpoints.file(name))
            .filter(file -> file.sha256().equals(made.fact("checkpoint-sha256")))
            .isPresent();
  }

  /** A run that was repeated has the same weights in another file. */
  private boolean hasWeights(CheckpointName name, String sha256) {
    Path file = checkpoints.file(name);
    try {
      float[] weights =
          CheckpointFile.readWeights(file, CheckpointFile.readOutline(file).network());
      return Sha256.of(weights).equals(sha256);
    } catch (DataException e) {
      return false;
    }
  }

  private boolean isEncoder(String checkpoint) {
    return encoder().map(CheckpointName::toString).filter(checkpoint::equals).isPresent();
  }

  /** Of a classifier. Those of older versions name it through their features alone. */
  private String checkpoint(Made classifier) {
    return classifier.checkpoint().isEmpty() && isSource(classifier)
        ? featureFile().orElseThrow().checkpoint()
        : classifier.checkpoint();
  }

  /** Whether the features that are there are those that a classifier was trained on. */
  private boolean isSource(Made classifier) {
    return featureFile()
        .filter(made -> made.sha256().equals(classifier.fact("features-sha256")))
        .isPresent();
  }
}
