package belay.storage;

import belay.error.BusyException;
import java.io.IOException;

/**
 * Asked immediately before anything appears under its final name in a run directory, so that a
 * process that slept while another took its run over does not write into it.
 */
@FunctionalInterface
public interface Fence {
  /** For files that nobody else may write anyway. */
  Fence NONE = () -> {};

  /**
   * @throws BusyException if the run belongs to another process by now: stop, write nothing
   * @throws IOException if that cannot be told at the moment: as if the write itself had failed
   */
  void check() throws IOException;
}
