package belay.backend.cuda.stage;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.frame.Target;
import belay.backend.cuda.kernels.PoolKernels;
import belay.net.Operation;
import belay.net.Shape;

/** Means over whole images. */
final class GlobalAveragePoolStage extends AddingStage {
  private final Shape in;

  GlobalAveragePoolStage(Frame frame, Operation.GlobalAveragePool pool) {
    super(frame, pool.name(), pool.input(), pool.output());
    this.in = frame.shape(pool.input());
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    tape.add(PoolKernels.globalAverage(frame().type(), x(), y(), count, in));
  }

  @Override
  Call gradientCall(int count, Arena.Slice dy, Target to) {
    return PoolKernels.globalAverageGradient(
        frame().type(), dy, to.mask(), to.dx(), to.add(), count, in);
  }
}
