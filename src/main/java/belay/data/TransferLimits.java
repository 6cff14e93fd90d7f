package belay.data;

import java.time.Duration;

/**
 * What a download puts up with.
 *
 * @param maxBytes that a file may have
 * @param firstPause between the first two attempts; doubled for each further one
 * @param window of time in which at least {@code leastBytes} must come: a server that sends a byte
 *     now and then would keep a job waiting for ever, and counts as one that stalls
 * @param leastBytes also what attempts must bring together to count as a step forward
 */
record TransferLimits(long maxBytes, Duration firstPause, Duration window, long leastBytes) {
  static TransferLimits usual(long maxBytes) {
    return new TransferLimits(maxBytes, Duration.ofSeconds(1), Duration.ofMinutes(1), 1 << 16);
  }
}
