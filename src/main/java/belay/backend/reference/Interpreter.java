package belay.backend.reference;

import belay.backend.StopFlag;
import belay.net.Mark;
import belay.net.Operation;
import belay.net.Program;
import java.util.Arrays;
import java.util.List;

/** Runs a program one to one on one image at a time. */
final class Interpreter {
  private final StopFlag stop;
  private final Program program;
  private final List<Loops> loops; // in order of execution
  private final float[][] values; // [value][H W C]
  private final float[][] gradients; // of the loss with respect to each value

  /**
   * @param stop looked at before each operation, so that it also ends passes over large images
   * @param operations of the program, those that are to run
   */
  Interpreter(StopFlag stop, Program program, List<Operation> operations) {
    this.stop = stop;
    this.program = program;
    Lowering lowering = new Lowering(program);
    this.loops = operations.stream().map(operation -> operation.accept(lowering)).toList();
    this.values = buffers(program);
    this.gradients = buffers(program);
  }

  private static float[][] buffers(Program program) {
    return program.shapes().stream().map(shape -> new float[shape.size()]).toArray(float[][]::new);
  }

  /** The input image, to be filled before {@link #forward}. */
  float[] input() {
    return values[0];
  }

  /** A value that {@link #forward} has computed. */
  float[] value(Mark mark) {
    return values[program.value(mark)];
  }

  private float[] output() {
    return value(Mark.OUTPUT);
  }

  double loss() {
    return Pointwise.meanSquaredError(input(), output());
  }

  void forward(float[] parameters) {
    for (Loops each : loops) {
      stop.check();
      each.forward(parameters, values);
    }
  }

  /**
   * Adds the gradient of this image's share of the minibatch loss.
   *
   * @param images in the minibatch
   * @param gradient of the loss [parameters]
   */
  void backward(float[] parameters, int images, float[] gradient) {
    for (float[] buffer : gradients) {
      Arrays.fill(buffer, 0);
    }
    Pointwise.meanSquaredErrorGradient(input(), output(), images, gradients[program.output()]);
    for (int i = loops.size() - 1; i >= 0; i--) {
      stop.check();
      loops.get(i).backward(parameters, values, gradients, gradient);
    }
  }
}
