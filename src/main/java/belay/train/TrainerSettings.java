package belay.train;

/**
 * How long and in which order to train.
 *
 * @param seed of the row order
 * @param goal when training is complete
 * @param batch images a step
 * @param checkpointSeconds save in the middle of an epoch after so long; 0 for never
 */
public record TrainerSettings(
    long seed, Goal goal, int batch, int checkpointSeconds, Schedule schedule) {}
