package belay.backend.cuda.frame;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.kernels.LossKernels;
import belay.net.Shape;
import jcuda.driver.CUdeviceptr;

/** The mean squared error between output and images, its gradient, and its sums over images. */
public final class Loss {
  private final Frame frame;
  private final Arena.Slice errors; // [batch] f64, or f32 by a stage that makes its loss itself
  private final Arena.Slice sums; // [Sum] f64

  /** What images are summed for. */
  public enum Sum {
    TRAINING,
    EVALUATION
  }

  public Loss(Frame frame, Arena arena) {
    this.frame = frame;
    this.errors = arena.reserve(8L * frame.batch());
    this.sums = arena.reserve(8L * Sum.values().length);
  }

  public Arena.Slice sums() {
    return sums;
  }

  public CUdeviceptr address(Sum sum) {
    return sums.pointer().withByteOffset(8L * sum.ordinal());
  }

  /** 2 / (values images), and what fp16 needs. */
  public float scale(int count) {
    return 2f / ((float) frame.shape(0).size() * count) * frame.lossScale();
  }

  /** Adds the errors of the images, and the gradient where there is room for it. */
  public void errors(Tape tape, int count, Arena.Slice images, Arena.Slice gradient, int channels) {
    Shape shape = frame.shape(0);
    tape.add(
        LossKernels.loss(
            frame.type(),
            count,
            frame.value(frame.program().output()),
            images,
            frame.rows(),
            gradient,
            errors,
            shape,
            channels,
            scale(count)));
  }

  public Arena.Slice errors() {
    return errors;
  }

  /** Adds the sum of the errors to one of the sums. */
  public void add(Tape tape, int count, Sum sum, boolean floats) {
    int values = frame.shape(0).size();
    int shard = frame.shardSize(count);
    Address to = Address.of(sums.address() + 8L * sum.ordinal());
    tape.add(
        floats
            ? LossKernels.addFloats(errors, count, shard, values, to)
            : LossKernels.add(errors, count, shard, values, to));
  }
}
