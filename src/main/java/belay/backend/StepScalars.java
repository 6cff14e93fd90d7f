package belay.backend;

/**
 * What changes from step to step.
 *
 * @param learningRate of this step
 */
public record StepScalars(float learningRate) {}
