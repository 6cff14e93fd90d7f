package belay.train;

import belay.log.ProgressLine;
import belay.net.Tally;
import java.lang.System.Logger.Level;

/** What training tells of itself in the log. */
final class TrainLog {
  private static final System.Logger LOG = System.getLogger("belay.train");
  private static final double FEW_LIVE_FEATURES = 0.5;

  private final Goal goal;
  private final TrainTask task;

  TrainLog(Goal goal, TrainTask task) {
    this.goal = goal;
    this.task = task;
  }

  /**
   * A line within an epoch.
   *
   * @param position images of the epoch that are done
   * @param speed images a second
   */
  void progress(int epoch, int position, Tally tally, double speed, double rate) {
    int images = task.trainImages();
    LOG.log(
        Level.INFO,
        "{0}",
        new ProgressLine(
            (epoch - 1L) * images + position,
            (long) goal.epochs() * images,
            "epoch=%d loss=%.6f%s images-per-second=%.0f images=%d/%d learning-rate=%.3g"
                .formatted(
                    epoch,
                    tally.loss(),
                    accuracy("train-accuracy", task.accuracy(tally)),
                    speed,
                    position,
                    images,
                    rate)));
  }

  private static String accuracy(String name, double share) {
    return Double.isNaN(share) ? "" : " %s=%.2f%%".formatted(name, 100 * share);
  }

  void epoch(EpochResult result) {
    String judge = task.judge().word();
    LOG.log(
        Level.INFO,
        ("epoch=%d step=%d train-loss=%.6f %s-loss=%.6f%s%s live-features=%.1f%%"
                + " images-per-second=%.0f learning-rate=%.3g")
            .formatted(
                result.epoch(),
                result.step(),
                result.trainLoss(),
                judge,
                result.judgedLoss(),
                accuracy("train-accuracy", result.trainAccuracy()),
                accuracy(judge + "-accuracy", result.judgedAccuracy()),
                100 * result.liveFeatures(),
                result.imagesPerSecond(),
                result.learningRate()));
    if (result.liveFeatures() < FEW_LIVE_FEATURES && Double.isNaN(result.trainAccuracy())) {
      LOG.log(
          Level.WARNING,
          ("live-features=%.1f%% of the latent features are ever active: the others are dead and"
                  + " classification will suffer; start anew with a longer train.warmup-steps or a"
                  + " lower train.learning-rate")
              .formatted(100 * result.liveFeatures()));
    }
  }

  /** A line if the last epoch was the first to reach the target. */
  void target(Progress progress) {
    progress
        .reached(goal.targetLoss())
        .filter(reached -> reached.epoch() == progress.epoch())
        .ifPresent(reached -> target(reached, progress.secondsUntil(reached.epoch())));
  }

  private void target(EpochResult reached, double seconds) {
    LOG.log(
        Level.INFO,
        "target-loss=%s reached=true epoch=%d seconds=%.1f"
            .formatted(goal.targetLoss(), reached.epoch(), seconds));
  }
}
