package belay.backend.cuda.net;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.kernels.PointwiseKernels;
import belay.net.Operation;
import belay.net.Shape;

/** A ReLU that follows no convolution. */
final class ReluStage extends Stage {
  ReluStage(Frame frame, int index, Operation.Relu relu) {
    super(frame, index, relu.name(), relu.input(), relu.output());
    frame.value(input());
    frame.value(output());
    Shape shape = frame.shape(output());
    frame.reserveGradient(index, frame.training() ? shape.size() : 0);
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    long total = values(count);
    tape.add(
        PointwiseKernels.relu(
            frame().type(), frame().value(input()), frame().value(output()), total));
  }

  @Override
  void backward(Tape tape, int count, boolean finished, Stage before, Arena.Slice images) {
    if (before != null) {
      long total = values(count);
      tape.add(
          PointwiseKernels.reluGradient(
              frame().type(), frame().value(output()), gradient(), before.gradient(), total));
    }
  }

  private long values(int count) {
    return (long) count * frame().shape(output()).size();
  }
}
