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
    try (FeatureFile features =
            FeatureFile.open(run.directory().features(), StopSignals::requested);
        Backend backend = Devices.open(run.settings(), run.job())) {
      run.metering().device(backend);
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
    run.values().forEach((key, value) -> putIfSvm(facts, key, value));
    return facts
        .put("weights-sha256", features.weightsSha256())
        .put("device", backend.describe())
        .of(run);
  }

  private static void putIfSvm(Provenance facts, String key, String value) {
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
    Logging.endProgress();
    System.out.print(ConfusionMatrix.of(names, labels, predictions).text());
  }
}
