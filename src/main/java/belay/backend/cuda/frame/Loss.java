package belay.backend.cuda.frame;

import belay.backend.Objective;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.CudaError;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.kernels.LossKernels;
import belay.net.Tally;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** The losses of images, their gradient, and their sums over images. */
public abstract class Loss {
  /** Numbers that are summed up for each {@link Sum}: the loss, and how many images are right. */
  private static final int SUMMED = 2;

  private final Frame frame;
  private final int rows; // of the errors
  private final Arena.Slice
      errors; // [rows, batch] f64, or f32 by a stage that makes its loss itself
  private final Arena.Slice sums; // [Sum, SUMMED] f64

  /** What images are summed for. */
  public enum Sum {
    TRAINING,
    EVALUATION
  }

  /**
   * @param rows numbers for each image: its error, and whether it is right where there are classes
   */
  Loss(Frame frame, Arena arena, int rows) {
    this.frame = frame;
    this.rows = rows;
    this.errors = arena.reserve(8L * rows * frame.batch());
    this.sums = arena.reserve(8L * SUMMED * Sum.values().length);
  }

  /** That of the objective of a plan that trains. */
  public static Loss of(Frame frame, Arena arena) {
    return frame
        .objective()
        .accept(
            new Objective.Cases<>() {
              @Override
              public Loss reconstruction(Objective.Reconstruction reconstruction) {
                return new SquaredError(frame, arena);
              }

              @Override
              public Loss crossEntropy(Objective.CrossEntropy crossEntropy) {
                return new CrossEntropy(frame, arena, crossEntropy);
              }
            });
  }

  /** What the derivative of an image's error is multiplied by, for the minibatch's mean. */
  public abstract float scale(int count);

  /** What an image's error is divided by, to be its loss. */
  abstract int terms();

  /**
   * Adds the errors of the images, and the gradient where there is room for it.
   *
   * @param images that the rows name
   * @param gradient of the output; null where nobody wants it
   * @param channels of a pixel of the gradient, of which some may be padding
   */
  public abstract void errors(
      Tape tape, int count, DeviceImages images, Arena.Slice gradient, int channels);

  final Frame frame() {
    return frame;
  }

  /** Copies the sums of all steps before, and those of evaluations, as 0, to the device. */
  public final void upload(Tally training) {
    double[] numbers = new double[SUMMED * Sum.values().length];
    numbers[0] = training.lossSum();
    numbers[1] = training.right();
    sums.upload(Pointer.to(numbers), sums.bytes());
  }

  /** What one of the sums has come to, once the device's work is done. */
  public final Tally download(Sum sum, long images) {
    double[] numbers = new double[SUMMED * Sum.values().length];
    sums.download(Pointer.to(numbers), sums.bytes());
    int first = SUMMED * sum.ordinal();
    return new Tally(numbers[first], images, (long) numbers[first + 1]);
  }

  /** Queues one of the sums to begin anew. */
  public final void clear(Sum sum, CUstream stream) {
    CUdeviceptr from = sums.pointer().withByteOffset(place(sum));
    CudaError.check(
        JCudaDriver.cuMemsetD8Async(from, (byte) 0, 8 * SUMMED, stream), "clear memory");
  }

  private static long place(Sum sum) {
    return 8L * SUMMED * sum.ordinal();
  }

  /** All sums [Sum, 2] f64: losses, right images. */
  public final Arena.Slice sums() {
    return sums;
  }

  public final Arena.Slice errors() {
    return errors;
  }

  /** Adds the sums over the images to one of the sums. */
  public final void add(Tape tape, int count, Sum sum, boolean floats) {
    int shard = frame.shardSize(count);
    Address to = Address.of(sums.address() + place(sum));
    tape.add(
        floats
            ? LossKernels.addFloats(errors, rows, count, shard, terms(), to)
            : LossKernels.add(errors, rows, count, shard, terms(), to));
  }
}
