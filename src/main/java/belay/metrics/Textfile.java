package belay.metrics;

import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import belay.storage.Fence;
import belay.storage.PlainFile;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;

/**
 * The metrics as a file that Prometheus' node_exporter collects (its textfile collector). What
 * other stages of the run have said last stays there below their labels. A disk that refuses is one
 * warning.
 */
public final class Textfile implements RunMetrics.Sink {
  private static final System.Logger LOG = System.getLogger("belay.metrics");

  private final Path file;
  private final Fence fence;
  private final OtherStages others;
  private boolean refused;

  /**
   * @param labels of what will be written
   * @param fence asked before the file appears
   */
  public Textfile(Path file, RunLabels labels, Fence fence) {
    this.file = file;
    this.fence = fence;
    this.others = new OtherStages(present(file), labels);
  }

  /** Whatever is no small file of text says nothing, and is replaced. */
  private static String present(Path file) {
    try {
      return PlainFile.textOwn(file);
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void write(String text) {
    try {
      fence.check();
      AtomicFile.write(file, others.addedTo(text));
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
