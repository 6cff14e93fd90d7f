package belay.backend.cuda;

import belay.net.Operation;
import belay.net.Shape;

/** A pooling or an upsampling that no convolution absorbed. */
final class ResampleStage extends Stage {
  private final boolean pool;
  private final int factor;
  private final Shape large;

  private ResampleStage(
      Frame frame, int index, int input, int output, boolean pool, int factor, Shape large) {
    super(frame, index, input, output);
    this.pool = pool;
    this.factor = factor;
    this.large = large;
    frame.value(input);
    frame.value(output);
    frame.reserveGradient(index, frame.training() ? frame.shape(output).size() : 0);
  }

  static ResampleStage of(Frame frame, int index, Operation.MaxPool op) {
    return new ResampleStage(
        frame, index, op.input(), op.output(), true, op.size(), frame.shape(op.input()));
  }

  static ResampleStage of(Frame frame, int index, Operation.Upsample op) {
    return new ResampleStage(
        frame, index, op.input(), op.output(), false, op.factor(), frame.shape(op.output()));
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
