package belay.train;

/**
 * How long and in which order to train.
 *
 * @param seed of the row order
 * @param epochs passes over the training images
 * @param batch images a step
 * @param patienceEpochs stop after so many epochs without a lower test loss; 0 for never
 * @param checkpointSeconds save in the middle of an epoch after so long; 0 for never
 * @param logSeconds at least so long between two progress lines
 */
public record TrainerSettings(
    long seed,
    int epochs,
    int batch,
    int patienceEpochs,
    int checkpointSeconds,
    int logSeconds,
    Schedule schedule) {}
