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
    tape.each(
        "pointwise",
        frame().kernel(pool ? "max_pool" : "upsample"),
        (long) count * frame().shape(output()).size(),
        frame().value(input()),
        frame().value(output()),
        count,
        large.height(),
        large.width(),
        large.channels(),
        factor);
  }

  @Override
  void backward(Tape tape, int count, boolean finished, Stage before, Arena.Slice images) {
    if (before == null) {
      return;
    }
    long total = (long) count * frame().shape(input()).size();
    if (pool) {
      tape.each(
          "pointwise",
          frame().kernel("max_pool_gradient"),
          total,
          frame().value(input()),
          gradient(),
          before.gradient(),
          count,
          large.height(),
          large.width(),
          large.channels(),
          factor);
    } else {
      tape.each(
          "pointwise",
          frame().kernel("upsample_gradient"),
          total,
          gradient(),
          before.gradient(),
          count,
          large.height(),
          large.width(),
          large.channels(),
          factor);
    }
  }
}
