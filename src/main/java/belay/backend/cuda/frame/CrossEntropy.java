package belay.backend.cuda.frame;

import belay.backend.Objective;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.kernels.CrossEntropyKernels;

/** {@link Objective.CrossEntropy}. */
final class CrossEntropy extends Loss {
  private final int classes;
  private final Objective.CrossEntropy objective;

  CrossEntropy(Frame frame, Arena arena, Objective.CrossEntropy objective) {
    super(frame, arena, 2);
    this.classes = frame.shape(frame.program().output()).size();
    this.objective = objective;
  }

  /** 1 / images, and what fp16 needs. */
  @Override
  public float scale(int count) {
    return frame().lossScale() / count;
  }

  @Override
  int terms() {
    return 1;
  }

  @Override
  public void errors(
      Tape tape, int count, DeviceImages images, Arena.Slice gradient, int channels) {
    tape.add(
        CrossEntropyKernels.crossEntropy(
            frame().type(),
            count,
            frame().value(frame().program().output()),
            images.labels(),
            images.others(),
            images.shares(),
            frame().rows(),
            gradient,
            errors(),
            classes,
            channels,
            objective.smoothing(),
            objective.scale(),
            scale(count)));
  }
}
