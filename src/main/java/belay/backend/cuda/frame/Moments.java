package belay.backend.cuda.frame;

import belay.backend.cuda.conv.ColumnSums;
import belay.backend.cuda.driver.Arena;
import belay.net.Statistic;

/**
 * Moments of a value's channels that the product which makes it may leave for the normalisation
 * that reads it.
 */
public final class Moments {
  private final Frame frame;
  private final Arena.Slice to;
  private final Statistic mean;
  private int parts;

  /**
   * @param to memory for them
   * @param mean the running one: near the mean, so that little cancels around it
   */
  Moments(Frame frame, Arena.Slice to, Statistic mean) {
    this.frame = frame;
    this.to = to;
    this.mean = mean;
  }

  /** How a product leaves them, once memory is allocated. */
  public ColumnSums sums() {
    return new ColumnSums(to, null, frame.address(mean));
  }

  /** Their memory. */
  public Arena.Slice memory() {
    return to;
  }

  /** Says how many parts the tape has left; 0 for none. */
  public void leave(int parts) {
    this.parts = parts;
  }

  /** Whether the tape has left any. */
  public boolean areLeft() {
    return parts > 0;
  }
}
