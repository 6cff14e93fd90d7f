package belay.backend.cuda.net;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.kernels.Epilogue;

/** One or several operations of a program that run as one. Stages form a chain. */
abstract class Stage {
  private final Frame frame;
  private final int index;
  private final String layer;
  private final int input;
  private final int output;

  /**
   * @param index place in the chain, from 0
   * @param layer line of the network's file that it computes, or what it does
   * @param input value that this stage reads
   * @param output value that it defines
   */
  Stage(Frame frame, int index, String layer, int input, int output) {
    this.frame = frame;
    this.index = index;
    this.layer = layer;
    this.input = input;
    this.output = output;
  }

  final Frame frame() {
    return frame;
  }

  final int index() {
    return index;
  }

  final int input() {
    return input;
  }

  final int output() {
    return output;
  }

  final String layer() {
    return layer;
  }

  /** The gradient of this stage's output, as {@link #finish} leaves it. */
  final Arena.Slice gradient() {
    return frame.gradient(index);
  }

  /** What turns the gradient of the output into the one that {@link #backward} reads. */
  Epilogue finish() {
    return Epilogue.PLAIN;
  }

  /** Where the maxima were, for {@code finish() == UNPOOL}. */
  Arena.Slice argmax() {
    throw new IllegalStateException("This stage pools nothing");
  }

  /** Where the stage after may leave partial column sums of the gradient; null for nowhere. */
  Arena.Slice biasParts() {
    return null;
  }

  /** Says how many partial sums the stage after has left. */
  void biasPartsHold(int count) {}

  /** Whether {@link #forwardWithLoss} takes the place of forward and loss. */
  boolean makesLoss() {
    return false;
  }

  /**
   * Adds the forward pass with the errors of the images.
   *
   * @param gradient whether {@link #backward} will follow
   */
  void forwardWithLoss(Tape tape, int count, Arena.Slice images, Loss loss, boolean gradient) {
    throw new IllegalStateException("This stage makes no loss");
  }

  /** Whether {@link #backward} applies the finish of the stage before. */
  boolean finishesBefore() {
    return false;
  }

  /** Channels of a pixel of {@link #gradient}, of which some may be padding. */
  int gradientChannels() {
    return frame.shape(output).channels();
  }

  /** Adds what {@link #forward} needs once the parameters have changed. */
  void prepare(Tape tape) {}

  /** Adds what {@link #backward} needs once the parameters have changed. */
  void prepareBackward(Tape tape) {}

  /**
   * @param images address of the images [count, C, H, W] that the rows name
   */
  abstract void forward(Tape tape, int count, Arena.Slice images);

  /**
   * Adds the gradients of the input and, aside, of the parameters.
   *
   * @param finished whether {@link #finish} has been applied
   * @param before the stage that made the input; null for the first, whose input needs no gradient
   * @param images as in {@link #forward}
   */
  abstract void backward(Tape tape, int count, boolean finished, Stage before, Arena.Slice images);
}
