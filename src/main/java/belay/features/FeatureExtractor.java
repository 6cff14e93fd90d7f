package belay.features;

import belay.backend.Backend;
import belay.backend.EncodePlan;
import belay.data.Dataset;
import belay.data.ImageSet;
import belay.error.DataException;
import belay.error.StoppedException;
import belay.hdf.Hdf5Writer;
import belay.net.Network;
import belay.storage.Fence;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Encodes all images of a data set into a feature file, in memory for two batches. */
public final class FeatureExtractor {
  private static final System.Logger LOG = System.getLogger("belay.features");
  private static final long LOG_NANOS = 5_000_000_000L;

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
   * @param provenance what is worth knowing about the origin: versions, device, checkpoint
   * @param fence asked before the file appears
   * @throws StoppedException if a stop was requested; nothing is kept
   * @throws DataException if the file cannot be written
   */
  public Outcome extract(Path file, Map<String, String> provenance, Fence fence) {
    Origin origin = Origin.of(network, weights, dataset);
    if (isValid(file, origin)) {
      LOG.log(Level.INFO, "features=%s reused=true".formatted(file));
      return Outcome.REUSED;
    }
    done = 0;
    began = System.nanoTime();
    logged = began;
    try (Hdf5Writer writer = Hdf5Writer.create(file)) {
      write(writer, origin, provenance);
      writer.publish(fence);
    } catch (IOException e) {
      throw new DataException(
          "%s (the features need %,d bytes)".formatted(e.getMessage(), bytes()), e);
    }
    LOG.log(Level.INFO, "features=%s %s".formatted(file, rate()));
    return Outcome.WRITTEN;
  }

  private boolean isValid(Path file, Origin origin) {
    if (!Files.exists(file)) {
      return false;
    }
    try (FeatureFile features = FeatureFile.open(file, stop)) {
      if (!features.origin().equals(origin)) {
        LOG.log(Level.INFO, file + " is of another checkpoint or data set: writing it anew");
        return false;
      }
      features.verify();
      return true;
    } catch (DataException e) {
      LOG.log(Level.WARNING, "Writing the features anew: " + e.getMessage());
      return false;
    }
  }

  private void write(Hdf5Writer writer, Origin origin, Map<String, String> provenance)
      throws IOException {
    FeatureFile.describe(writer, origin, network.latent());
    provenance.forEach((name, text) -> writer.group("/provenance").attribute(name, text));
    write(writer, FeatureFile.TRAIN, dataset.train());
    write(writer, FeatureFile.TEST, dataset.test());
    writer
        .strings(FeatureFile.CLASSES, dataset.classNames())
        .attribute("description", "name of each label");
  }

  private void write(Hdf5Writer writer, String group, ImageSet images) throws IOException {
    int features = network.latent().size();
    try (EncodePlan plan = backend.compileEncoding(network, batch, images, weights);
        OverlappedRows rows =
            new OverlappedRows(
                writer.stream(group + "/features", images.count(), features),
                Math.multiplyExact(Math.min(batch, images.count()), features))) {
      for (int first = 0; first < images.count(); first += batch) {
        stopIfAsked();
        int count = Math.min(batch, images.count() - first);
        plan.encode(first, count, rows.next());
        rows.write(count * features);
        progress(count);
      }
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
      LOG.log(Level.INFO, rate());
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
