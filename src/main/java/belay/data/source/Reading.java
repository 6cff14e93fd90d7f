package belay.data.source;

import java.util.function.BooleanSupplier;

/**
 * With what images are read.
 *
 * @param threads that decode pictures; no result depends on their number
 * @param stop asked every second
 */
public record Reading(int threads, BooleanSupplier stop) {
  /** With all processors, to the end. */
  public static Reading whole() {
    return new Reading(Runtime.getRuntime().availableProcessors(), () -> false);
  }
}
