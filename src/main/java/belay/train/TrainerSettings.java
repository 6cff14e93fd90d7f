package belay.train;

/**
 * How long and in which order to train.
 *
 * @param seed of the row order
 * @param epochs passes over the training images
 * @param batch images a step
 * @param patienceEpochs stop after so many epochs without a lower test loss; 0 for never
 * @param targetLoss test loss that the run is after; 0 for none
 * @param stopAtTarget stop once an epoch reaches it
 * @param checkpointSeconds save in the middle of an epoch after so long; 0 for never
 */
public record TrainerSettings(
    long seed,
    int epochs,
    int batch,
    int patienceEpochs,
    double targetLoss,
    boolean stopAtTarget,
    int checkpointSeconds,
    Schedule schedule) {}
