package belay.predict;

import belay.backend.Backend;
import belay.backend.EncodePlan;
import belay.checkpoint.Checkpoint;
import belay.data.ImageSet;
import belay.job.StopSignals;
import belay.net.Mark;
import belay.svm.SvmClassifier;
import belay.svm.SvmModel;
import belay.svm.SvmSpec;
import java.nio.ByteBuffer;

/** From images to classes, by an encoder and a classifier that belong together. */
public final class Prediction {
  private final Backend backend;
  private final Checkpoint encoder;
  private final SvmModel classifier;
  private final SvmSpec svm;
  private final int batch;

  /**
   * @param svm its precision and limits
   * @param batch images that are encoded at once
   */
  public Prediction(
      Backend backend, Checkpoint encoder, SvmModel classifier, SvmSpec svm, int batch) {
    this.backend = backend;
    this.encoder = encoder;
    this.classifier = classifier;
    this.svm = svm;
    this.batch = batch;
  }

  /** Label of each image. */
  public int[] of(ImageSet images) {
    int most = Math.max(1, Math.min(batch, images.count()));
    try (EncodePlan plan =
            backend.compileEncoding(
                encoder.network(), Mark.LATENT, most, images, encoder.state().inferenceWeights());
        SvmClassifier classes =
            SvmClassifier.open(
                classifier,
                images.count(),
                svm.precision(),
                svm.limits(),
                backend,
                StopSignals::requested)) {
      ByteBuffer features = plan.allocate(most * encoder.network().latent().size() * Float.BYTES);
      for (int first = 0; first < images.count(); first += most) {
        int count = Math.min(most, images.count() - first);
        plan.begin(first, count, features).await();
        classes.put(features, count);
      }
      return classes.labels();
    }
  }
}
