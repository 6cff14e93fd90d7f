package belay.backend;

import belay.error.StoppedException;
import java.util.function.BooleanSupplier;

/**
 * What the CPU backends look at between pieces of a batch, so that a large batch on a slow device
 * does not outlast the time that a scheduler grants after its signal.
 *
 * @param asked whether to stop; any thread may call it, thousands of times a second
 */
public record StopFlag(BooleanSupplier asked) {
  public static final StopFlag NEVER = new StopFlag(() -> false);

  /**
   * @throws StoppedException if asked to stop
   */
  public void check() {
    if (asked.getAsBoolean()) {
      throw new StoppedException(
          "Stopped in the middle of a batch, which is dropped; the same command computes it again");
    }
  }
}
