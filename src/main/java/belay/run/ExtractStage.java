package belay.run;

import belay.backend.Backend;
import belay.backend.EncodePlan;
import belay.checkpoint.Checkpoint;
import belay.checkpoint.CheckpointFile;
import belay.checkpoint.Checkpoints;
import belay.checkpoint.Checkpoints.Saved;
import belay.checkpoint.KeyHistory;
import belay.data.ImageSet;
import belay.error.ConfigurationException;
import belay.error.DataException;
import belay.features.EncodedBatch;
import belay.features.FeatureExtractor;
import belay.features.FreshFeatures;
import belay.hdf.MadeBy;
import belay.job.StopSignals;
import belay.net.Mark;
import belay.svm.SvmClassifier;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** From a checkpoint to features.h5. */
public final class ExtractStage {
  /** Keys of the training that extraction obeys: which images, and in what the device computes. */
  private static final Set<String> OWN = Set.of("train.limit", "train.precision");

  private static final Set<String> OBEYED =
      Stream.concat(OWN.stream(), RunKeys.END.stream()).collect(Collectors.toSet());

  private final StageRun run;
  private final Saved saved;
  private final Inputs inputs;

  /**
   * @param chosen a checkpoint's file, in the run's checkpoints or anywhere; null for the best
   */
  ExtractStage(StageRun run, String chosen) {
    this.run = run;
    this.saved = chosen == null ? best(run) : named(run, chosen);
    this.inputs = run.bench().inputs(saved.checkpoint());
    checkFit(saved, inputs);
  }

  public static void run(StageRun run, String chosen) {
    ExtractStage stage = new ExtractStage(run, chosen);
    run.keys().tellOfLate(OBEYED);
    if (!stage.isComplete()) {
      try (FreshFeatures features = stage.encode(EncodedBatch.UNUSED)) {
        run.bench().timings().of("files", () -> features.publish(run.lease()));
      }
    }
  }

  /** Whether the features of this checkpoint and these images are there already. */
  boolean isComplete() {
    return run.bench()
        .timings()
        .of(
            "files",
            () ->
                FeatureExtractor.isComplete(
                    run.directory().features(),
                    saved.checkpoint().network(),
                    saved.checkpoint().state().inferenceWeights(),
                    inputs.dataset(),
                    StopSignals::requested));
  }

  /**
   * Computes all features; the file is not safe yet.
   *
   * @param use told of every batch
   */
  FreshFeatures encode(EncodedBatch use) {
    Backend backend = run.bench().backend();
    FeatureExtractor extractor =
        new FeatureExtractor(
            backend,
            saved.checkpoint().network(),
            saved.checkpoint().state().inferenceWeights(),
            inputs.dataset(),
            run.settings().extract().batch(),
            StopSignals::requested);
    return run.bench()
        .timings()
        .of(
            "extract",
            () ->
                extractor.encode(
                    run.directory().features(), origin(run, saved, backend), begun(use)));
  }

  /** The device has accepted the network once the first batch is encoded. */
  private EncodedBatch begun(EncodedBatch use) {
    return (part, plan, first, count) -> {
      if (part == EncodedBatch.Part.TRAIN && first == 0) {
        run.works();
        run.keys().use("extract.");
      }
      use.begun(part, plan, first, count);
    };
  }

  Inputs inputs() {
    return inputs;
  }

  /** Encodes the test images once more, for a classifier on the same device. */
  void putTest(SvmClassifier classifier) {
    ImageSet test = inputs.dataset().test();
    int batch = Math.min(run.settings().extract().batch(), classifier.batch());
    int most = Math.max(1, Math.min(batch, test.count()));
    float[] weights = saved.checkpoint().state().inferenceWeights();
    try (EncodePlan plan =
        run.bench().backend().compileEncoding(inputs.network(), Mark.LATENT, most, test, weights)) {
      ByteBuffer unused = plan.allocate(most * inputs.network().latent().size() * Float.BYTES);
      for (int first = 0; first < test.count(); first += most) {
        int count = Math.min(most, test.count() - first);
        plan.begin(first, count, unused);
        classifier.put(plan, count);
      }
    }
  }

  private static MadeBy origin(StageRun run, Saved saved, Backend backend) {
    Map<String, String> facts =
        new Provenance().from(saved.file(), run.directory().checkpoints()).on(backend).of(run);
    facts.putAll(KeyHistory.of(saved.checkpoint().provenance()).facts());
    return new MadeBy(Provenance.complete(facts), configuration(run, saved.checkpoint()));
  }

  /** The keys of the training are those that made the weights, whatever this command was told. */
  private static Map<String, String> configuration(StageRun run, Checkpoint encoder) {
    Map<String, String> values = new TreeMap<>(run.values());
    encoder
        .configuration()
        .forEach(
            (key, value) -> {
              if (key.startsWith("train.") && !OWN.contains(key)) {
                values.put(key, value);
              }
            });
    return values;
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
    if (!Translation.goal(run.settings().train()).isReached(newest.checkpoint().progress())) {
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
