package belay.backend.cuda.frame;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.kernels.LossKernels;
import jcuda.driver.CUdeviceptr;

/** The losses of images, their gradient, and their sums over images. */
public abstract class Loss {
  private final Frame frame;
  private final Arena.Slice errors; // [batch] f64, or f32 by a stage that makes its loss itself
  private final Arena.Slice sums; // [Sum] f64

  /** What images are summed for. */
  public enum Sum {
    TRAINING,
    EVALUATION
  }

  Loss(Frame frame, Arena arena) {
    this.frame = frame;
    this.errors = arena.reserve(8L * frame.batch());
    this.sums = arena.reserve(8L * Sum.values().length);
  }

  /** That of the objective of a plan that trains. */
  public static Loss of(Frame frame, Arena arena) {
    return frame.objective().accept(reconstruction -> new SquaredError(frame, arena));
  }

  /** What the derivative of an image's error is multiplied by, for the minibatch's mean. */
  public abstract float scale(int count);

  /** What an image's error is divided by, to be its loss. */
  abstract int terms();

  /**
   * Adds the errors of the images, and the gradient where there is room for it.
   *
   * @param images bytes [count, C, H, W] that the rows name
   * @param gradient of the output; null where nobody wants it
   * @param channels of a pixel of the gradient, of which some may be padding
   */
  public abstract void errors(
      Tape tape, int count, Arena.Slice images, Arena.Slice gradient, int channels);

  final Frame frame() {
    return frame;
  }

  public final Arena.Slice sums() {
    return sums;
  }

  public final CUdeviceptr address(Sum sum) {
    return sums.pointer().withByteOffset(8L * sum.ordinal());
  }

  public final Arena.Slice errors() {
    return errors;
  }

  /** Adds the sum of the errors to one of the sums. */
  public final void add(Tape tape, int count, Sum sum, boolean floats) {
    int shard = frame.shardSize(count);
    Address to = Address.of(sums.address() + 8L * sum.ordinal());
    tape.add(
        floats
            ? LossKernels.addFloats(errors, count, shard, terms(), to)
            : LossKernels.add(errors, count, shard, terms(), to));
  }
}
