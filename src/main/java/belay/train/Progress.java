package belay.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where training stands between two steps.
 *
 * @param position images of the running epoch's row order that are already trained on
 * @param history results of the finished epochs, oldest first
 */
public record Progress(int position, List<EpochResult> history) {
  public Progress {
    history = List.copyOf(history);
  }

  public static Progress start() {
    return new Progress(0, List.of());
  }

  /** Finished epochs. */
  public int epoch() {
    return history.size();
  }

  /** The finished epoch with the lowest test loss, the earliest of equals; 0 if there is none. */
  public int bestEpoch() {
    return history.stream()
        .min(Comparator.comparingDouble(EpochResult::testLoss))
        .map(EpochResult::epoch)
        .orElse(0);
  }

  /** Within the running epoch, after more images. */
  public Progress at(int position) {
    return new Progress(position, history);
  }

  /** At the beginning of the next epoch. */
  public Progress finish(EpochResult result) {
    List<EpochResult> longer = new ArrayList<>(history);
    longer.add(result);
    return new Progress(0, longer);
  }
}
