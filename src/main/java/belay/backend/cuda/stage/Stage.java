package belay.backend.cuda.stage;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.frame.Gradient;
import belay.backend.cuda.frame.Loss;

/** One or several operations of a program that run as one and define one value. */
abstract class Stage {
  private final Frame frame;
  private final String layer;
  private final int input;
  private final int output;

  /**
   * @param layer line of the network's file that it computes, or what it does
   * @param input value that this stage reads
   * @param output value that it defines
   */
  Stage(Frame frame, String layer, int input, int output) {
    this.frame = frame;
    this.layer = layer;
    this.input = input;
    this.output = output;
  }

  final Frame frame() {
    return frame;
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

  /** The gradient of the value that this stage defines. */
  final Gradient gradient() {
    return frame.gradient(output);
  }

  /** Whether {@link #forwardWithLoss} takes the place of forward and loss. */
  boolean makesLoss() {
    return false;
  }

  /**
   * Adds the forward pass with the errors of the images.
   *
   * @param images that it is to reconstruct
   * @param gradient whether {@link #backward} will follow
   */
  void forwardWithLoss(Tape tape, int count, Arena.Slice images, Loss loss, boolean gradient) {
    throw new IllegalStateException("This stage makes no loss");
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
   * Adds the forward pass of a training step.
   *
   * @param images address of the images [count, C, H, W] that the rows name
   */
  abstract void forward(Tape tape, int count, Arena.Slice images);

  /** Adds the forward pass of anything else. */
  void infer(Tape tape, int count, Arena.Slice images) {
    forward(tape, count, images);
  }

  /**
   * Adds the gradients of the inputs that want one and, aside, of the parameters. All readers of
   * the output have left their parts of its gradient.
   *
   * @param images as in {@link #forward}
   */
  abstract void backward(Tape tape, int count, Arena.Slice images);
}
