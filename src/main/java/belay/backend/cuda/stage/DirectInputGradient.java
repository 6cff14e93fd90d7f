package belay.backend.cuda.stage;

import belay.backend.cuda.conv.ConvInputGradientKernels;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.frame.Gradient;
import belay.backend.cuda.frame.Target;
import belay.net.Operation;

/** By a sum for each value, where no product fits: right, and slow. */
record DirectInputGradient(Frame frame, Operation.Conv conv) implements InputGradient {
  @Override
  public void prepare(Tape tape) {}

  @Override
  public void add(Tape tape, Arena.Slice d, int count) {
    Gradient dx = frame.gradient(conv.input());
    Target to = dx.target();
    tape.add(
        ConvInputGradientKernels.gradient(
            frame.type(),
            d,
            frame.address(conv.weights()),
            to.mask(),
            to.dx(),
            to.add(),
            count,
            frame.shape(conv.input()),
            frame.shape(conv.output()),
            conv.window()));
    dx.leave(tape, count, to);
  }
}
