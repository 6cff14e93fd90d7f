package belay.backend;

import belay.net.TrainState;

/** A network compiled for training on one device. Closing it frees the device's memory. */
public interface TrainPlan extends AutoCloseable {
  /**
   * Queues forward pass, loss, backward pass and update for one minibatch. The loss is the squared
   * error averaged over all values of the minibatch.
   *
   * @param rows training images, 1 to {@link TrainSpec#batch()} of them
   * @throws belay.error.StoppedException if asked to stop meanwhile; the state is as before the
   *     call
   */
  void step(int[] rows, StepScalars scalars);

  /**
   * Waits for the queued steps.
   *
   * @return mean squared error per value over all images since {@link #resetLoss}, each taken
   *     before the update it led to; NaN if a step diverged; 0 if there was no step
   */
  double meanLoss();

  /** Begins a new mean. */
  void resetLoss();

  /**
   * Forward pass and loss only.
   *
   * @param rows test images, 1 to {@link TrainSpec#batch()} of them
   * @throws belay.error.StoppedException if asked to stop meanwhile
   */
  Evaluation evaluate(int[] rows);

  /** Waits, then copies weights, moments and counters. */
  TrainState snapshot();

  @Override
  void close();
}
