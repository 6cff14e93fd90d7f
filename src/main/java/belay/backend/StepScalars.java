package belay.backend;

/**
 * What changes from step to step.
 *
 * @param learningRate of this step
 * @param epoch that the step belongs to, from 1: views of images are drawn by it
 */
public record StepScalars(float learningRate, int epoch) {
  /** Of the first epoch. */
  public StepScalars(float learningRate) {
    this(learningRate, 1);
  }
}
