package belay.backend.cuda.stage;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.kernels.PointwiseKernels;
import belay.net.Operation;
import belay.net.Shape;

/** A pooling that no convolution absorbed, whose windows lie side by side and fill the image. */
final class MaxPoolStage extends OverwritingStage {
  private final int side;
  private final Shape large;

  MaxPoolStage(Frame frame, Operation.MaxPool pool) {
    super(frame, pool.name(), pool.input(), pool.output());
    this.side = pool.window().kernel();
    this.large = frame.shape(pool.input());
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    tape.add(PointwiseKernels.maxPool(frame().type(), x(), y(), count, large, side));
  }

  @Override
  Call gradientCall(int count, Arena.Slice dy, Arena.Slice dx) {
    return PointwiseKernels.maxPoolGradient(frame().type(), x(), dy, dx, count, large, side);
  }
}
