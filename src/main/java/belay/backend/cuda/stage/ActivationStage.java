package belay.backend.cuda.stage;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.frame.Target;
import belay.backend.cuda.kernels.ActivationKernels;
import belay.net.Curve;
import belay.net.Operation;

/** An activation function other than ReLU. */
final class ActivationStage extends AddingStage {
  private final Curve curve;

  ActivationStage(Frame frame, Operation.Activation activation) {
    super(frame, activation.name(), activation.input(), activation.output());
    this.curve = activation.curve();
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    tape.add(curve.accept(new Forward(values(count))));
  }

  @Override
  Call gradientCall(int count, Arena.Slice dy, Target to) {
    return curve.accept(new Backward(dy, to, values(count)));
  }

  /** Of so many values. */
  private final class Forward implements Curve.Cases<Call> {
    private final long total;

    Forward(long total) {
      this.total = total;
    }

    @Override
    public Call gelu(Curve.Gelu gelu) {
      return ActivationKernels.gelu(frame().type(), x(), y(), total);
    }

    @Override
    public Call silu(Curve.Silu silu) {
      return ActivationKernels.silu(frame().type(), x(), y(), total);
    }

    @Override
    public Call leakyRelu(Curve.LeakyRelu leaky) {
      return ActivationKernels.leakyRelu(frame().type(), x(), y(), leaky.slope(), total);
    }
  }

  /** Of so many values. */
  private final class Backward implements Curve.Cases<Call> {
    private final Arena.Slice dy;
    private final Target to;
    private final long total;

    Backward(Arena.Slice dy, Target to, long total) {
      this.dy = dy;
      this.to = to;
      this.total = total;
    }

    @Override
    public Call gelu(Curve.Gelu gelu) {
      return ActivationKernels.geluGradient(
          frame().type(), x(), dy, to.mask(), to.dx(), to.add(), total);
    }

    @Override
    public Call silu(Curve.Silu silu) {
      return ActivationKernels.siluGradient(
          frame().type(), x(), dy, to.mask(), to.dx(), to.add(), total);
    }

    @Override
    public Call leakyRelu(Curve.LeakyRelu leaky) {
      return ActivationKernels.leakyReluGradient(
          frame().type(), x(), dy, to.mask(), to.dx(), to.add(), leaky.slope(), total);
    }
  }
}
