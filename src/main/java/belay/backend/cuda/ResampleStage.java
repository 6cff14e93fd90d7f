package belay.backend.cuda;

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
