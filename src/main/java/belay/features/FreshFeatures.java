package belay.features;

import belay.error.DataException;
import belay.hdf.Hdf5Writer;
import belay.storage.Fence;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;

/**
 * A feature file that is written, but not yet known to be on disk. {@link #publish} may run on
 * another thread while the features are already used.
 */
public final class FreshFeatures implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("belay.features");

  private final Path file;
  private final Hdf5Writer writer;
  private final long bytes;

  FreshFeatures(Path file, Hdf5Writer writer, long bytes) {
    this.file = file;
    this.writer = writer;
    this.bytes = bytes;
  }

  /**
   * Waits for the disk, and lets the file appear.
   *
   * @throws DataException if the disk refuses
   */
  public void publish(Fence fence) {
    long began = System.nanoTime();
    try {
      writer.publish(fence);
    } catch (IOException e) {
      throw problem(e, bytes);
    }
    LOG.log(
        Level.INFO,
        "features=%s bytes=%d force-seconds=%.2f"
            .formatted(file, bytes, (System.nanoTime() - began) * 1e-9));
  }

  static DataException problem(IOException e, long bytes) {
    return new DataException(
        "%s (the features need %,d bytes)".formatted(e.getMessage(), bytes), e);
  }

  /** Deletes what was written unless it is published. */
  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "%s: %s".formatted(file, e.getMessage()));
    }
  }
}
