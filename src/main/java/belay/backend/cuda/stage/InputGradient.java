package belay.backend.cuda.stage;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;

/** One way to the gradient of a convolution's input. */
interface InputGradient {
  /** Adds what {@link #add} needs once the parameters have changed. */
  void prepare(Tape tape);

  /**
   * Adds the gradient.
   *
   * @param d gradient of the convolution's output, before its ReLU and pooling
   */
  void add(Tape tape, Arena.Slice d, int count);
}
