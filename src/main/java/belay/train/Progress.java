package belay.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * Where training stands between two steps.
 *
 * @param position images of the running epoch's row order that are already trained on
 * @param seconds wall time of the running epoch's steps so far, over all attempts that led here
 * @param history results of the finished epochs, oldest first
 */
public record Progress(int position, double seconds, List<EpochResult> history) {
  public Progress {
    history = List.copyOf(history);
  }

  public static Progress start() {
    return new Progress(0, 0, List.of());
  }

  /** Finished epochs. */
  public int epoch() {
    return history.size();
  }

  /**
   * The finished epoch with the lowest {@link EpochResult#choosingLoss}, the earliest of equals;
   * the last one where nothing may choose; 0 if there is none.
   */
  public int bestEpoch() {
    return history.stream()
        .filter(result -> !Double.isNaN(result.choosingLoss()))
        .min(Comparator.comparingDouble(EpochResult::choosingLoss))
        .map(EpochResult::epoch)
        .orElseGet(() -> history.isEmpty() ? 0 : history.get(history.size() - 1).epoch());
  }

  /**
   * The first epoch with a choosing loss as low as this; empty for a target of 0, which is none.
   */
  public Optional<EpochResult> reached(double targetLoss) {
    return targetLoss > 0
        ? history.stream().filter(result -> result.choosingLoss() <= targetLoss).findFirst()
        : Optional.empty();
  }

  /** Wall time of training and evaluation up to an epoch's end, where it is known. */
  public double secondsUntil(int epoch) {
    return history.stream()
        .filter(result -> result.epoch() <= epoch)
        .flatMapToDouble(result -> DoubleStream.of(result.seconds(), result.evaluationSeconds()))
        .filter(Double::isFinite)
        .sum();
  }

  /** Within the running epoch, after more images. */
  public Progress at(int position, double seconds) {
    return new Progress(position, seconds, history);
  }

  /** At the beginning of the next epoch. */
  public Progress finish(EpochResult result) {
    List<EpochResult> longer = new ArrayList<>(history);
    longer.add(result);
    return new Progress(0, 0, longer);
  }
}
