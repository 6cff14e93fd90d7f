package belay.review;

import belay.checkpoint.Attempt;
import belay.view.GpuTime;
import belay.view.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What attempts did with the GPUs that they held. */
final class GpuUse {
  private GpuUse() {}

  /**
   * @param ended for a running one now; for one that was killed its last sign of life
   */
  static GpuTime of(Attempt attempt, Instant ended, Outcome outcome) {
    Instant started = attempt.start().started();
    Optional<Double> computing = attempt.end().map(Attempt.End::gpuSeconds);
    Duration held = between(started, ended);
    Instant saved = attempt.end().map(Attempt.End::saved).orElse(null);
    boolean isLost = outcome == Outcome.KILLED || outcome == Outcome.FAILED;
    Duration lost = isLost ? between(saved == null ? started : saved, ended) : Duration.ZERO;
    Duration idle =
        computing
            .map(seconds -> held.minus(lost).minusMillis(Math.round(1000 * seconds)))
            .filter(rest -> !rest.isNegative())
            .orElse(Duration.ZERO);
    return new GpuTime(held, lost, idle).times(gpus(attempt.start(), computing.orElse(0.0)));
  }

  private static Duration between(Instant from, Instant to) {
    return to.isAfter(from) ? Duration.between(from, to) : Duration.ZERO;
  }

  /**
   * A scheduler's are held whether they compute or not. By hand CUDA_VISIBLE_DEVICES gives none: it
   * says which may be used, and belay uses one.
   */
  private static int gpus(Attempt.Start start, double computing) {
    String told = start.isScheduled() ? start.gpus() : null;
    if (told == null || told.isBlank()) {
      return computing > 0 ? 1 : 0;
    }
    return told.split(",").length;
  }
}
