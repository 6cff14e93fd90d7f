package belay.backend;

import belay.net.Tally;
import belay.net.TrainState;
import java.util.List;

/** A network compiled for training on one device. Closing it frees the device's memory. */
public interface TrainPlan extends AutoCloseable {
  /**
   * Queues forward pass, loss, backward pass and update for one minibatch.
   *
   * @param rows training images, 1 to {@link TrainSpec#batch()} of them
   * @throws belay.error.StoppedException if asked to stop meanwhile; the state is as before the
   *     call
   */
  void step(int[] rows, StepScalars scalars);

  /** Waits for the queued steps; what those since {@link #resetTally} have summed up. */
  Tally tally();

  /** Begins a new tally. */
  void resetTally();

  /**
   * Forward pass and loss only, by the average of the weights where one is kept.
   *
   * @param rows test images, 1 to {@link TrainSpec#batch()} of them
   * @throws belay.error.StoppedException if asked to stop meanwhile
   */
  Evaluation evaluate(int[] rows);

  /** Waits, then copies weights, slots and counters. */
  TrainState snapshot();

  /**
   * Goes on from another state, as if compiled with it.
   *
   * @param state of this network, with this plan's slots; copied
   */
  void load(TrainState state);

  /**
   * Times the operations of a step one by one. Changes the state: for a plan whose training has
   * ended.
   *
   * @param rows a minibatch
   * @return in the order in which they run; none where the backend cannot tell
   */
  default List<OperationTime> profile(int[] rows) {
    return List.of();
  }

  /**
   * Time of one operation.
   *
   * @param name of the kernel or primitive
   * @param layer of the network; null where the name says it all
   * @param pass forward, backward or update; null where the name says it all
   * @param seconds of the whole minibatch
   * @param flop floating-point operations; 0 where memory is what costs
   */
  record OperationTime(String name, String layer, String pass, double seconds, long flop) {}

  @Override
  void close();
}
