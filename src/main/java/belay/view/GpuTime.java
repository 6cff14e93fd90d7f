package belay.view;

import java.time.Duration;
import java.util.Locale;

/**
 * Time on GPUs: an hour of two of them is two hours. What is neither lost nor idle was used.
 *
 * @param held by attempts, whatever they did
 * @param lost computing what had to be computed again: since the last checkpoint of attempts that
 *     were killed or failed
 * @param idle while no GPU computed, as images were read, kernels loaded or files written; of
 *     attempts that were killed it is not known, and counts as none
 */
public record GpuTime(Duration held, Duration lost, Duration idle) {
  public static final GpuTime NONE = new GpuTime(Duration.ZERO, Duration.ZERO, Duration.ZERO);

  public GpuTime plus(GpuTime other) {
    return new GpuTime(held.plus(other.held), lost.plus(other.lost), idle.plus(other.idle));
  }

  public GpuTime times(int gpus) {
    return new GpuTime(held.multipliedBy(gpus), lost.multipliedBy(gpus), idle.multipliedBy(gpus));
  }

  public static double hours(Duration time) {
    return time.toMillis() / 3.6e6;
  }

  /** "12.4 (0.3 lost, 1.1 idle)", in hours. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s (%s lost, %s idle)", text(held), text(lost), text(idle));
  }

  /** Hours with two digits that count below ten. */
  public static String text(Duration time) {
    double hours = hours(time);
    return String.format(Locale.ROOT, hours < 10 ? "%.2f" : "%.1f", hours);
  }
}
