package belay.cli;

import belay.backend.Backend;
import belay.checkpoint.Checkpoints;
import belay.cluster.StopSignals;
import belay.conf.Settings;
import belay.conf.SvmSettings;
import belay.error.DataException;
import belay.features.FeatureFile;
import belay.features.LabelledFeatures;
import belay.hdf.Sha256;
import belay.report.ConfusionMatrix;
import belay.storage.DiskProblem;
import belay.svm.SvmFile;
import belay.svm.SvmModel;
import belay.svm.SvmSpec;
import belay.svm.SvmTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** From features.h5 to svm.h5 and a confusion matrix. */
final class ClassifyStage {
  private static final System.Logger LOG = System.getLogger("belay.svm");
  private static final long MIB = 1 << 20;

  private ClassifyStage() {}

  static void run(StageRun run) {
    if (!Files.exists(run.directory().features())) {
      throw new DataException(
          run.directory().features() + ": is not there; run belay extract with this --run first");
    }
    Backend backend = run.bench().backend();
    try (FeatureFile features =
        FeatureFile.open(run.directory().features(), StopSignals::requested)) {
      warnOfStaleFeatures(run, features);
      SvmModel model = train(run, features, backend);
      LabelledFeatures test = features.test();
      int[] predictions =
          model.predict(test.features(), backend::kernelRows, StopSignals::requested);
      write(
          run,
          model,
          new SvmFile.Judgement(test.labels(), predictions),
          provenance(run, features, backend));
      print(features.classNames(), test.labels(), predictions);
    }
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
      Map<String, String> made = SvmFile.verified(run.directory().svm());
      if (!expected(run, features).entrySet().stream()
          .allMatch(fact -> fact.getValue().equals(made.get(fact.getKey())))) {
        return false;
      }
      SvmFile.Judgement test = SvmFile.readJudgement(run.directory().svm());
      LOG.log(System.Logger.Level.INFO, "svm=%s reused=true".formatted(run.directory().svm()));
      print(features.classNames(), test.labels(), test.predictions());
      return true;
    } catch (DataException e) {
      LOG.log(System.Logger.Level.WARNING, "Classifying anew: " + e.getMessage());
      return false;
    }
  }

  /** What decides the model. */
  private static Map<String, String> expected(StageRun run, FeatureFile features) {
    Map<String, String> facts = new TreeMap<>();
    run.values().forEach((key, value) -> putIfSvm(facts, key, value));
    facts.put("features-sha256", features.sha256());
    return facts;
  }

  private static SvmModel train(StageRun run, FeatureFile features, Backend backend) {
    LabelledFeatures train = features.train();
    return new SvmTrainer(spec(run), backend::kernelRows, StopSignals::requested)
        .train(train.features(), train.labels(), features.classNames());
  }

  private static void warnOfStaleFeatures(StageRun run, FeatureFile features) {
    Checkpoints checkpoints = new Checkpoints(run.directory().checkpoints());
    checkpoints
        .newestValid()
        .map(checkpoints::best)
        .filter(
            best ->
                !Sha256.of(best.checkpoint().state().weights()).equals(features.weightsSha256()))
        .ifPresent(
            best ->
                LOG.log(
                    System.Logger.Level.WARNING,
                    "%s is not of the best checkpoint %s: run belay extract again to use that"
                        .formatted(run.directory().features(), best.file().getFileName())));
  }

  private static SvmSpec spec(StageRun run) {
    Settings settings = run.settings();
    SvmSettings svm = settings.svm();
    return new SvmSpec(
        SvmSpec.Kernel.valueOf(svm.kernel().name()),
        svm.c(),
        svm.gamma(),
        svm.tolerance(),
        svm.memoryMib() * MIB,
        svm.scale(),
        Devices.threads(settings, run.job()));
  }

  private static Map<String, String> provenance(
      StageRun run, FeatureFile features, Backend backend) {
    Provenance facts = new Provenance();
    expected(run, features).forEach(facts::put);
    return facts
        .put("weights-sha256", features.weightsSha256())
        .put("device", backend.describe())
        .of(run);
  }

  private static void putIfSvm(Map<String, String> facts, String key, String value) {
    if (key.startsWith("svm.")) {
      facts.put(key, value);
    }
  }

  private static void write(
      StageRun run, SvmModel model, SvmFile.Judgement test, Map<String, String> provenance) {
    try {
      SvmFile.write(run.directory().svm(), model, test, provenance, run.lease());
    } catch (IOException e) {
      throw DiskProblem.of("write", run.directory().svm(), e);
    }
  }

  private static void print(List<String> names, int[] labels, int[] predictions) {
    System.out.print(ConfusionMatrix.of(names, labels, predictions).text());
  }
}
