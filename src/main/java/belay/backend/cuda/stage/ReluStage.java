package belay.backend.cuda.stage;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.kernels.PointwiseKernels;
import belay.net.Operation;

/** A ReLU that follows no convolution. */
final class ReluStage extends OverwritingStage {
  ReluStage(Frame frame, Operation.Relu relu) {
    super(frame, relu.name(), relu.input(), relu.output());
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    tape.add(PointwiseKernels.relu(frame().type(), x(), y(), values(count)));
  }

  @Override
  Call gradientCall(int count, Arena.Slice dy, Arena.Slice dx) {
    return PointwiseKernels.reluGradient(frame().type(), y(), dy, dx, values(count));
  }
}
