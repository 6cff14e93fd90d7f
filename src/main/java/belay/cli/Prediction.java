package belay.cli;

import belay.backend.Backend;
import belay.backend.EncodePlan;
import belay.backend.FloatMatrix;
import belay.checkpoint.Checkpoint;
import belay.cluster.StopSignals;
import belay.data.ImageSet;
import belay.error.StoppedException;
import belay.svm.SvmModel;
import java.nio.ByteBuffer;

/** From images to classes, by an encoder and a classifier that belong together. */
final class Prediction {
  /** Images whose features are in memory at a time: the classifier likes many. */
  private static final int PART = 8192;

  private final Backend backend;
  private final Checkpoint encoder;
  private final SvmModel classifier;
  private final int batch;

  /**
   * @param batch images that are encoded at once
   */
  Prediction(Backend backend, Checkpoint encoder, SvmModel classifier, int batch) {
    this.backend = backend;
    this.encoder = encoder;
    this.classifier = classifier;
    this.batch = batch;
  }

  /** Label of each image. */
  int[] of(ImageSet images) {
    int[] labels = new int[images.count()];
    int most = Math.max(1, Math.min(batch, images.count()));
    try (EncodePlan plan =
        backend.compileEncoding(encoder.network(), most, images, encoder.state().weights())) {
      for (int first = 0; first < labels.length; first += PART) {
        int count = Math.min(PART, labels.length - first);
        FloatMatrix features = features(plan, most, first, count);
        int[] part = classifier.predict(features, backend::kernelRows, StopSignals::requested);
        System.arraycopy(part, 0, labels, first, count);
      }
    }
    return labels;
  }

  private FloatMatrix features(EncodePlan plan, int most, int first, int count) {
    int columns = encoder.network().latent().size();
    FloatMatrix features = new FloatMatrix(count, columns);
    ByteBuffer buffer = plan.allocate(most * columns * Float.BYTES);
    for (int i = 0; i < count; i += most) {
      if (StopSignals.requested()) {
        throw new StoppedException("Stopped while encoding; the same command begins again.");
      }
      int some = Math.min(most, count - i);
      plan.begin(first + i, some, buffer).await();
      buffer.asFloatBuffer().get(features.values(), i * columns, some * columns);
    }
    return features;
  }
}
