package belay.train;

/**
 * When a training is complete.
 *
 * @param epochs passes over the training images
 * @param patienceEpochs stop after so many epochs without a lower {@link EpochResult#choosingLoss};
 *     0 for never
 * @param targetLoss choosing loss that the run is after; 0 for none
 * @param stopAtTarget stop once an epoch reaches it
 */
public record Goal(int epochs, int patienceEpochs, double targetLoss, boolean stopAtTarget) {
  /**
   * Whether no epoch is left, because all are done, the loss has not fallen for long, or it has
   * reached the target at which the run may stop.
   */
  public boolean isReached(Progress progress) {
    return progress.epoch() >= epochs
        || (patienceEpochs > 0 && progress.epoch() - progress.bestEpoch() >= patienceEpochs)
        || (stopAtTarget && progress.reached(targetLoss).isPresent());
  }
}
