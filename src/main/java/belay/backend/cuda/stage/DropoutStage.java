package belay.backend.cuda.stage;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.frame.Target;
import belay.backend.cuda.kernels.DropoutKernels;
import belay.net.DropoutMask;
import belay.net.Operation;
import belay.random.Philox;

/** A dropout of a plan that trains. */
final class DropoutStage extends AddingStage {
  private final Operation.Dropout dropout;
  private final long key;
  private final float scale;

  DropoutStage(Frame frame, Operation.Dropout dropout) {
    super(frame, dropout.name(), dropout.input(), dropout.output());
    this.dropout = dropout;
    this.key = new Philox(frame.seed(), Philox.Purpose.DROPOUT).key();
    this.scale = new DropoutMask(frame.seed(), dropout).scale();
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    tape.add(call(count, dropout.rate(), scale));
  }

  /** Keeps all: the value that readers know is the one that training writes. */
  @Override
  void infer(Tape tape, int count, Arena.Slice images) {
    tape.add(call(count, 0, 1));
  }

  private Call call(int count, float rate, float factor) {
    return DropoutKernels.dropout(
        frame().type(),
        x(),
        y(),
        frame().step(),
        key,
        dropout.output(),
        rate,
        factor,
        0,
        count,
        frame().shape(output()).size());
  }

  @Override
  Call gradientCall(int count, Arena.Slice dy, Target to) {
    return DropoutKernels.gradient(
        frame().type(),
        dy,
        to.mask(),
        to.dx(),
        to.add(),
        frame().step(),
        key,
        dropout.output(),
        dropout.rate(),
        scale,
        0,
        count,
        frame().shape(output()).size());
  }
}
