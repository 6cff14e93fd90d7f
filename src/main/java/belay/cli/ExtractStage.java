package belay.cli;

import belay.backend.Backend;
import belay.checkpoint.Checkpoint;
import belay.checkpoint.CheckpointFile;
import belay.checkpoint.Checkpoints;
import belay.checkpoint.Checkpoints.Saved;
import belay.cluster.StopSignals;
import belay.conf.Settings;
import belay.error.ConfigurationException;
import belay.error.DataException;
import belay.features.FeatureExtractor;
import belay.train.Trainer;
import java.nio.file.Path;
import java.util.Map;

/** From a checkpoint to features.h5. */
final class ExtractStage {
  private ExtractStage() {}

  /**
   * @param chosen a checkpoint's file, in the run's checkpoints or anywhere; null for the best
   */
  static void run(StageRun run, String chosen) {
    Settings settings = run.settings();
    Saved saved = chosen == null ? best(run) : named(run, chosen);
    Checkpoint checkpoint = saved.checkpoint();
    Inputs inputs = Inputs.load(settings, checkpoint.network());
    checkFit(saved, inputs);
    try (Backend backend = Devices.open(settings, run.job())) {
      run.metering().device(backend);
      new FeatureExtractor(
              backend,
              checkpoint.network(),
              checkpoint.state().weights(),
              inputs.dataset(),
              settings.extract().batch(),
              StopSignals::requested)
          .extract(run.directory().features(), provenance(run, saved, backend), run.lease());
    }
  }

  private static Map<String, String> provenance(StageRun run, Saved saved, Backend backend) {
    return new Provenance()
        .put("checkpoint", saved.file().getFileName().toString())
        .put("device", backend.describe())
        .of(run);
  }

  private static Saved named(StageRun run, String chosen) {
    Path inRun = run.directory().checkpoints().resolve(chosen);
    Path file = inRun.toFile().exists() ? inRun : Path.of(chosen);
    return new Saved(file, CheckpointFile.read(file));
  }

  /** The best of a finished training: a later stage must not begin with a half-trained encoder. */
  private static Saved best(StageRun run) {
    Checkpoints checkpoints = new Checkpoints(run.directory().checkpoints());
    Saved newest =
        checkpoints
            .newestValid()
            .orElseThrow(
                () ->
                    new DataException(
                        run.directory().path()
                            + ": has no checkpoint yet; run belay train with this --run first"));
    if (!Trainer.isDone(
        Translation.trainerSettings(run.settings()), newest.checkpoint().progress())) {
      throw new DataException(
          "%s: training has finished %d of %d epochs; run belay train again, or choose with --checkpoint %s"
              .formatted(
                  run.directory().path(),
                  newest.checkpoint().progress().epoch(),
                  run.settings().train().epochs(),
                  newest.file().getFileName()));
    }
    return checkpoints.best(newest);
  }

  private static void checkFit(Saved saved, Inputs inputs) {
    int size = inputs.dataset().train().format().imageBytes();
    if (size != inputs.network().input().size()) {
      throw new ConfigurationException(
          "%s encodes images of %s, the images in data.dir have %d values"
              .formatted(saved.file(), inputs.network().input(), size));
    }
  }
}
