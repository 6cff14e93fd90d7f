package belay.cluster;

import belay.error.SchedulerException;
import java.time.Duration;

/** Between two looks at what others do. */
final class Pause {
  private Pause() {}

  static void of(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchedulerException("Interrupted while waiting for jobs");
    }
  }
}
