package belay.backend.cuda.stage;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Finish;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.frame.Gradient;
import belay.backend.cuda.kernels.ResidualKernels;
import belay.net.Operation;

/** A sum of two values. The gradients of both lie where that of the sum does. */
final class AddStage extends Stage {
  private final int right;

  AddStage(Frame frame, Operation.Add add) {
    super(frame, add.name(), add.left(), add.output());
    this.right = add.right();
    frame.value(input());
    frame.value(right);
    frame.value(output());
    gradient().finishedBy(Finish.NONE, frame.shape(output()).size());
    if (gradient().isWanted()) {
      frame.gradient(input()).expectElsewhere();
      frame.gradient(right).expectElsewhere();
    }
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    tape.add(
        ResidualKernels.add(
            frame().type(),
            frame().value(input()),
            frame().value(right),
            frame().value(output()),
            false,
            (long) count * frame().shape(output()).size()));
  }

  @Override
  void backward(Tape tape, int count, Arena.Slice images) {
    leave(tape, count, frame().gradient(right));
    leave(tape, count, frame().gradient(input()));
  }

  private void leave(Tape tape, int count, Gradient dx) {
    if (dx.isWanted()) {
      dx.leave(tape, count, gradient().at());
    }
  }
}
