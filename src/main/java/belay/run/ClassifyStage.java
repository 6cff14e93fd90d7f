package belay.run;

import belay.backend.KernelFunction;
import belay.checkpoint.Checkpoints;
import belay.checkpoint.KeyHistory;
import belay.console.Logging;
import belay.error.DataException;
import belay.features.FeatureFile;
import belay.hdf.MadeBy;
import belay.hdf.Sha256;
import belay.job.StopSignals;
import belay.storage.DiskProblem;
import belay.svm.SolvedProblems;
import belay.svm.SvmClassifier;
import belay.svm.SvmFile;
import belay.svm.SvmModel;
import belay.svm.SvmSpec;
import belay.svm.SvmTrainer;
import belay.svm.TrainedSvm;
import belay.view.ConfusionMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** From features.h5 to svm.h5 and a confusion matrix. */
public final class ClassifyStage {
  private static final System.Logger LOG = System.getLogger("belay.svm");

  private static final String OWN = "svm.";
  private static final String FOLDS_SEED = "train.seed";

  private ClassifyStage() {}

  /** As a command of its own, which tells where its time went. */
  public static void runAlone(StageRun run) {
    run.keys().tellOfLate(Set.of(FOLDS_SEED));
    run(run);
    LOG.log(System.Logger.Level.INFO, run.bench().timings().line());
  }

  static void run(StageRun run) {
    if (!Files.exists(run.directory().features())) {
      throw new DataException(
          run.directory().features() + ": is not there; run belay extract with this --run first");
    }
    if (isComplete(run)) {
      return;
    }
    try (FeatureFile features =
        FeatureFile.open(run.directory().features(), StopSignals::requested)) {
      warnOfStaleFeatures(run, features);
      int columns = features.latent().size();
      try (SvmTrainer trainer = trainer(run, features.trainLabels(), columns)) {
        run.bench()
            .timings()
            .of(
                "SVM reading",
                () -> features.streamTrain((first, n, rows) -> trainer.put(rows, first, n)));
        TestImages test =
            new TestImages(
                features.testLabels(),
                to -> features.streamTest((first, n, rows) -> to.put(rows, n)));
        SolvedProblems solved = solved(run, features);
        finish(run, trainer, solved, features.classNames(), test, () -> origin(run, features));
      }
    }
  }

  /**
   * Images that the classifier is judged by.
   *
   * @param labels of the images
   * @param rows puts the features of all of them, in their order
   */
  record TestImages(int[] labels, Consumer<SvmClassifier> rows) {}

  /** The same, if the backend solves where it encodes; empty where features come from the file. */
  static Optional<SvmTrainer> trainerOnDevice(StageRun run, int[] labels, int columns) {
    SvmSpec spec = spec(run);
    Workbench bench = run.bench();
    return SvmTrainer.openOnDevice(
        spec, labels, columns, bench.backend(), StopSignals::requested, bench.timings());
  }

  /** Whether the SVM will be able to use these labels. */
  static void check(StageRun run, int[] labels) {
    SvmTrainer.check(spec(run), labels);
  }

  private static SvmSpec spec(StageRun run) {
    return Translation.svmSpec(run.settings(), Devices.threads(run.settings(), run.job()));
  }

  /** To be given the features of all training images, then to {@link #finish}. */
  static SvmTrainer trainer(StageRun run, int[] labels, int columns) {
    SvmSpec spec = spec(run);
    Workbench bench = run.bench();
    return SvmTrainer.open(
        spec, labels, columns, bench.backend(), StopSignals::requested, bench.timings());
  }

  /**
   * Trains on what was put, judges, writes svm.h5 and tells of it.
   *
   * @param solved of it by an attempt before
   * @param names of the classes
   * @param origin asked just before svm.h5 is written, so that features.h5 may be on its way to the
   *     disk until then
   */
  static void finish(
      StageRun run,
      SvmTrainer trainer,
      SolvedProblems solved,
      List<String> names,
      TestImages test,
      Supplier<MadeBy> origin) {
    run.works();
    run.keys().use(OWN);
    Timings timings = run.bench().timings();
    TrainedSvm trained = trainer.train(names, solved);
    int[] predictions = timings.of("SVM prediction", () -> predict(run, trained.model(), test));
    SvmFile.Judgement judgement = new SvmFile.Judgement(test.labels(), predictions);
    MadeBy made = timings.of("files", origin);
    timings.of("SVM writing", () -> write(run, trained, judgement, made));
    solved.delete();
    ConfusionMatrix confusion = ConfusionMatrix.of(names, test.labels(), predictions);
    LOG.log(System.Logger.Level.INFO, summary(trained, confusion));
    trained.selection().ifPresent(selection -> System.out.println(SelectionTable.text(selection)));
    print(confusion);
  }

  private static int[] predict(StageRun run, SvmModel model, TestImages test) {
    SvmSpec spec = spec(run);
    try (SvmClassifier classifier =
        SvmClassifier.open(
            model,
            test.labels().length,
            spec.precision(),
            spec.limits(),
            run.bench().backend(),
            StopSignals::requested)) {
      test.rows().accept(classifier);
      return classifier.labels();
    }
  }

  private static String summary(TrainedSvm trained, ConfusionMatrix test) {
    SvmModel model = trained.model();
    double gamma = model.kernel() instanceof KernelFunction.Rbf rbf ? rbf.gamma() : 0;
    return String.format(
        Locale.ROOT,
        "stage=svm c=%s gamma=%.6g support-vectors=%d iterations=%d train-accuracy=%.2f%% train-judged=%d test-accuracy=%.2f%%",
        model.c(),
        gamma,
        model.support().rows(),
        trained.iterations(),
        100 * trained.accuracy(),
        trained.judged(),
        100 * test.accuracy());
  }

  /**
   * Whether svm.h5 is whole, of these features, and made with the present svm keys; prints its
   * confusion matrix then.
   */
  static boolean isComplete(StageRun run) {
    if (!Files.exists(run.directory().svm())) {
      return false;
    }
    try (FeatureFile features =
        FeatureFile.open(run.directory().features(), StopSignals::requested)) {
      Map<String, String> made = SvmFile.verified(run.directory().svm(), StopSignals::requested);
      if (!expected(run.values(), features).entrySet().stream()
          .allMatch(fact -> fact.getValue().equals(made.get(fact.getKey())))) {
        return false;
      }
      SvmFile.Judgement test = SvmFile.readJudgement(run.directory().svm());
      if (test.classes() > features.classNames().size()) {
        return false;
      }
      LOG.log(System.Logger.Level.INFO, "svm=%s reused=true".formatted(run.directory().svm()));
      print(ConfusionMatrix.of(features.classNames(), test.labels(), test.predictions()));
      return true;
    } catch (DataException e) {
      LOG.log(System.Logger.Level.WARNING, "Classifying anew: " + e.getMessage());
      return false;
    }
  }

  /** What decides the solutions: the model's facts, and how the device rounds. */
  private static SolvedProblems solved(StageRun run, FeatureFile features) {
    Map<String, String> facts = expected(run.values(), features);
    facts.put("arithmetic", run.bench().backend().arithmetic());
    return SolvedProblems.open(
        run.directory().svmSolved(),
        facts,
        run.lease(),
        run.settings().checkpoint().intervalSeconds());
  }

  /**
   * What decides the model.
   *
   * @param values of the configuration by key
   */
  static Map<String, String> expected(Map<String, String> values, FeatureFile features) {
    Map<String, String> facts = new TreeMap<>();
    values.forEach((key, value) -> putIfSvm(facts, key, value));
    facts.put(FOLDS_SEED, values.get(FOLDS_SEED));
    facts.put("features-sha256", features.sha256());
    return facts;
  }

  private static void warnOfStaleFeatures(StageRun run, FeatureFile features) {
    Checkpoints checkpoints = new Checkpoints(run.directory().checkpoints());
    checkpoints
        .newestValid()
        .map(checkpoints::best)
        .filter(
            best ->
                !Sha256.of(best.checkpoint().state().inferenceWeights())
                    .equals(features.weightsSha256()))
        .ifPresent(
            best ->
                LOG.log(
                    System.Logger.Level.WARNING,
                    "%s is not of the best checkpoint %s: run belay extract again to use that"
                        .formatted(run.directory().features(), best.file().getFileName())));
  }

  /**
   * @param features that the classifier was trained on
   */
  static MadeBy origin(StageRun run, FeatureFile features) {
    Provenance facts = new Provenance();
    expected(run.values(), features).forEach(facts::put);
    facts
        .put("weights-sha256", features.weightsSha256())
        .put("network-sha256", features.networkSha256())
        .put("data-digest", features.dataDigest())
        .put("checkpoint", features.provenance().getOrDefault("checkpoint", ""))
        .on(run.bench().backend());
    KeyHistory.of(features.provenance()).facts().forEach(facts::put);
    return new MadeBy(Provenance.complete(facts.of(run)), configuration(run, features));
  }

  /** The keys of the training are those that made the features, but for what classifying obeys. */
  private static Map<String, String> configuration(StageRun run, FeatureFile features) {
    Map<String, String> values = new TreeMap<>(run.values());
    features
        .configuration()
        .forEach(
            (key, value) -> {
              if (key.startsWith("train.") && !key.equals(FOLDS_SEED)) {
                values.put(key, value);
              }
            });
    return values;
  }

  private static void putIfSvm(Map<String, String> facts, String key, String value) {
    if (key.startsWith(OWN) && !key.equals("svm.memory-mib")) { // which changes no bit
      facts.put(key, value);
    }
  }

  private static void write(
      StageRun run, TrainedSvm trained, SvmFile.Judgement test, MadeBy origin) {
    try {
      SvmFile.write(run.directory().svm(), trained, test, origin, run.lease());
    } catch (IOException e) {
      throw DiskProblem.of("write", run.directory().svm(), e);
    }
  }

  private static void print(ConfusionMatrix test) {
    Logging.endProgress();
    System.out.print(test.text());
  }
}
