package belay.features;

import belay.backend.Backend;
import belay.backend.EncodePlan;
import belay.data.Dataset;
import belay.data.ImageSet;
import belay.error.DataException;
import belay.error.StoppedException;
import belay.features.EncodedBatch.Part;
import belay.hdf.FloatRows;
import belay.hdf.Hdf5Writer;
import belay.hdf.MadeBy;
import belay.log.ProgressLine;
import belay.net.Mark;
import belay.net.Network;
import belay.storage.Fence;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** Encodes all images of a data set into a feature file, in memory for a few batches. */
public final class FeatureExtractor {
  private static final System.Logger LOG = System.getLogger("belay.features");
  private static final long LOG_NANOS = 1_000_000_000L; // the handlers write fewer

  /** Whether there was anything to do. */
  public enum Outcome {
    WRITTEN,
    REUSED
  }

  private final Backend backend;
  private final Network network;
  private final float[] weights;
  private final Dataset dataset;
  private final int batch;
  private final BooleanSupplier stop;
  private int done; // images
  private long began;
  private long logged;

  /**
   * @param weights the parameter vector of the network
   * @param batch images that are encoded at once
   * @param stop looked at before every batch, and while an older file is checked
   */
  public FeatureExtractor(
      Backend backend,
      Network network,
      float[] weights,
      Dataset dataset,
      int batch,
      BooleanSupplier stop) {
    this.backend = backend;
    this.network = network;
    this.weights = weights;
    this.dataset = dataset;
    this.batch = batch;
    this.stop = stop;
  }

  /**
   * Writes the features, unless the file is whole and of the same weights, network and data.
   *
   * @param origin versions, device, checkpoint, configuration
   * @param fence asked before the file appears
   * @throws StoppedException if a stop was requested; nothing is kept
   * @throws DataException if the file cannot be written
   */
  public Outcome extract(Path file, MadeBy origin, Fence fence) {
    if (isComplete(file, network, weights, dataset, stop)) {
      return Outcome.REUSED;
    }
    try (FreshFeatures fresh = encode(file, origin, EncodedBatch.UNUSED)) {
      fresh.publish(fence);
    }
    return Outcome.WRITTEN;
  }

  /**
   * Whether a file is whole and holds the features of these images by this encoder.
   *
   * @param weights the parameter vector
   * @param stop asked while the file is checked
   * @throws StoppedException if a stop was requested
   */
  public static boolean isComplete(
      Path file, Network network, float[] weights, Dataset dataset, BooleanSupplier stop) {
    if (!Files.exists(file)) {
      return false;
    }
    try (FeatureFile features = FeatureFile.open(file, stop)) {
      if (!features.origin().equals(Origin.of(network, weights, dataset))) {
        LOG.log(Level.INFO, file + " is of another checkpoint or data set: writing it anew");
        return false;
      }
      features.verify();
      LOG.log(Level.INFO, "features=%s reused=true".formatted(file));
      return true;
    } catch (DataException e) {
      LOG.log(Level.WARNING, "Writing the features anew: " + e.getMessage());
      return false;
    }
  }

  /**
   * Computes all features and hands them to the disk, without waiting for it.
   *
   * @param use told of every batch
   * @throws StoppedException if a stop was requested; nothing is kept
   * @throws DataException if the file cannot be written
   */
  public FreshFeatures encode(Path file, MadeBy origin, EncodedBatch use) {
    done = 0;
    began = System.nanoTime();
    logged = began;
    try {
      Hdf5Writer writer = Hdf5Writer.create(file);
      FreshFeatures fresh = new FreshFeatures(file, writer, bytes());
      try {
        write(writer, origin, use);
      } catch (IOException | RuntimeException | Error e) {
        fresh.close();
        throw e;
      }
      LOG.log(Level.INFO, rate());
      return fresh;
    } catch (IOException e) {
      throw FreshFeatures.problem(e, bytes());
    }
  }

  private void write(Hdf5Writer writer, MadeBy origin, EncodedBatch use) throws IOException {
    FeatureFile.describe(writer, Origin.of(network, weights, dataset), network.latent());
    origin.write(writer);
    write(writer, FeatureFile.TRAIN, dataset.train(), Part.TRAIN, use);
    write(writer, FeatureFile.TEST, dataset.test(), Part.TEST, use);
    writer
        .strings(FeatureFile.CLASSES, dataset.classNames())
        .attribute("description", "name of each label");
  }

  private void write(Hdf5Writer writer, String group, ImageSet images, Part part, EncodedBatch use)
      throws IOException {
    int features = network.latent().size();
    int most = Math.max(1, Math.min(batch, images.count()));
    try (EncodePlan plan = backend.compileEncoding(network, Mark.LATENT, most, images, weights);
        FloatRows rows = writer.stream(group + "/features", images.count(), features)) {
      BatchRing ring = new BatchRing(plan, rows, most, Math.multiplyExact(features, Float.BYTES));
      for (int first = 0; first < images.count(); first += most) {
        stopIfAsked();
        int count = Math.min(most, images.count() - first);
        ring.encode(first, count);
        use.begun(part, plan, first, count);
        progress(count);
      }
      ring.finish();
      rows.end().attribute("axes", "image, feature").attribute("units", "1");
    }
    writer
        .unsignedBytes(group + "/labels", images.labels())
        .attribute("axes", "image")
        .attribute("description", "class of each image, a row of /classes");
  }

  private void stopIfAsked() {
    if (stop.getAsBoolean()) {
      throw new StoppedException(
          "Stopped after %d of %d images; features are not kept in part, the same command begins them"
                  .formatted(done, images())
              + " again");
    }
  }

  private void progress(int count) {
    done += count;
    long now = System.nanoTime();
    if (now - logged > LOG_NANOS) {
      logged = now;
      LOG.log(Level.INFO, "{0}", new ProgressLine(done, images(), rate()));
    }
  }

  private String rate() {
    double seconds = (System.nanoTime() - began) * 1e-9;
    return "images=%d of=%d seconds=%.1f images-per-second=%.0f"
        .formatted(done, images(), seconds, done / seconds);
  }

  private int images() {
    return dataset.train().count() + dataset.test().count();
  }

  private long bytes() {
    return (long) images() * network.latent().size() * Float.BYTES;
  }
}
