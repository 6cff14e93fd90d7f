package belay.backend.cuda.stage;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.frame.Target;
import belay.backend.cuda.kernels.PoolKernels;
import belay.net.Operation;
import belay.net.Shape;
import belay.net.Window;

/** A pooling by any window. */
final class MaxPoolStage extends AddingStage {
  private final Window window;
  private final Shape in;
  private final Shape out;
  private final Arena.Slice argmax; // 16-bit integers; null where nobody asks for a gradient

  MaxPoolStage(Frame frame, Operation.MaxPool pool) {
    super(frame, pool.name(), pool.input(), pool.output());
    this.window = pool.window();
    this.in = frame.shape(pool.input());
    this.out = frame.shape(pool.output());
    boolean backward = gradient().isWanted();
    this.argmax = backward ? frame.bytes(new Shape(1, 2, out.size())) : null;
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    tape.add(PoolKernels.max(frame().type(), x(), y(), argmax, count, in, out, window));
  }

  @Override
  Call gradientCall(int count, Arena.Slice dy, Target to) {
    return PoolKernels.maxGradient(
        frame().type(), dy, argmax, to.mask(), to.dx(), to.add(), count, in, out, window);
  }
}
