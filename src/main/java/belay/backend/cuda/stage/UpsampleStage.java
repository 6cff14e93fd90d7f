package belay.backend.cuda.stage;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.kernels.PointwiseKernels;
import belay.net.Operation;
import belay.net.Shape;

/** An upsampling that no convolution absorbed. */
final class UpsampleStage extends OverwritingStage {
  private final int factor;
  private final Shape large;

  UpsampleStage(Frame frame, Operation.Upsample upsample) {
    super(frame, upsample.name(), upsample.input(), upsample.output());
    this.factor = upsample.factor();
    this.large = frame.shape(upsample.output());
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    tape.add(PointwiseKernels.upsample(frame().type(), x(), y(), count, large, factor));
  }

  @Override
  Call gradientCall(int count, Arena.Slice dy, Arena.Slice dx) {
    return PointwiseKernels.upsampleGradient(frame().type(), dy, dx, count, large, factor);
  }
}
