package belay.metrics;

import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import belay.storage.Fence;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;

/**
 * The metrics as a file that Prometheus' node_exporter collects (its textfile collector). A disk
 * that refuses is one warning.
 */
public final class Textfile implements RunMetrics.Sink {
  private static final System.Logger LOG = System.getLogger("belay.metrics");

  private final Path file;
  private final Fence fence;
  private boolean refused;

  /**
   * @param fence asked before the file appears
   */
  public Textfile(Path file, Fence fence) {
    this.file = file;
    this.fence = fence;
  }

  @Override
  public void write(String text) {
    try {
      fence.check();
      AtomicFile.write(file, text);
      refused = false;
    } catch (IOException e) {
      if (!refused) {
        LOG.log(
            Level.WARNING, "metrics.textfile={0} unwritten=\"{1}\"", file, DiskProblem.reason(e));
      }
      refused = true;
    }
  }
}
