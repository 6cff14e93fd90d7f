package belay.backend.cuda.net;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.kernels.PointwiseKernels;
import belay.net.Operation;
import belay.net.Shape;

/** A pooling or an upsampling that no convolution absorbed. */
final class ResampleStage extends Stage {
  private final boolean pool;
  private final int factor;
  private final Shape large;

  private ResampleStage(
      Frame frame,
      int index,
      String layer,
      int input,
      int output,
      boolean pool,
      int factor,
      Shape large) {
    super(frame, index, layer, input, output);
    this.pool = pool;
    this.factor = factor;
    this.large = large;
    frame.value(input);
    frame.value(output);
    frame.reserveGradient(index, frame.training() ? frame.shape(output).size() : 0);
  }

  static ResampleStage of(Frame frame, int index, Operation.MaxPool op) {
    Shape large = frame.shape(op.input());
    int side = op.window().kernel();
    return new ResampleStage(frame, index, op.name(), op.input(), op.output(), true, side, large);
  }

  static ResampleStage of(Frame frame, int index, Operation.Upsample op) {
    Shape large = frame.shape(op.output());
    return new ResampleStage(
        frame, index, op.name(), op.input(), op.output(), false, op.factor(), large);
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    Arena.Slice x = frame().value(input());
    Arena.Slice y = frame().value(output());
    tape.add(
        pool
            ? PointwiseKernels.maxPool(frame().type(), x, y, count, large, factor)
            : PointwiseKernels.upsample(frame().type(), x, y, count, large, factor));
  }

  @Override
  void backward(Tape tape, int count, boolean finished, Stage before, Arena.Slice images) {
    if (before == null) {
      return;
    }
    Arena.Slice dx = before.gradient();
    tape.add(
        pool
            ? PointwiseKernels.maxPoolGradient(
                frame().type(), frame().value(input()), gradient(), dx, count, large, factor)
            : PointwiseKernels.upsampleGradient(
                frame().type(), gradient(), dx, count, large, factor));
  }
}
