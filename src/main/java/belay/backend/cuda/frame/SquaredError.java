package belay.backend.cuda.frame;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.kernels.LossKernels;

/** The mean over the values of an image of (y - x)^2. */
final class SquaredError extends Loss {
  SquaredError(Frame frame, Arena arena) {
    super(frame, arena, 1);
  }

  /** 2 / (values images), and what fp16 needs. */
  @Override
  public float scale(int count) {
    return 2f / ((float) terms() * count) * frame().lossScale();
  }

  @Override
  int terms() {
    return frame().shape(0).size();
  }

  @Override
  public void errors(
      Tape tape, int count, DeviceImages images, Arena.Slice gradient, int channels) {
    tape.add(
        LossKernels.loss(
            frame().type(),
            count,
            frame().value(frame().program().output()),
            images.targets(),
            frame().rows(),
            gradient,
            errors(),
            frame().shape(0),
            channels,
            scale(count)));
  }
}
