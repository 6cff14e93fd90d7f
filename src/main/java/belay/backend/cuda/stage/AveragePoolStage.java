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

/** Means over windows. */
final class AveragePoolStage extends AddingStage {
  private final Window window;
  private final Shape in;
  private final Shape out;

  AveragePoolStage(Frame frame, Operation.AveragePool pool) {
    super(frame, pool.name(), pool.input(), pool.output());
    this.window = pool.window();
    this.in = frame.shape(pool.input());
    this.out = frame.shape(pool.output());
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    tape.add(PoolKernels.average(frame().type(), x(), y(), count, in, out, window));
  }

  @Override
  Call gradientCall(int count, Arena.Slice dy, Target to) {
    return PoolKernels.averageGradient(
        frame().type(), dy, to.mask(), to.dx(), to.add(), count, in, out, window);
  }
}
