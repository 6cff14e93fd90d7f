package belay.backend.reference;

import belay.backend.StopFlag;
import belay.backend.loss.Loss;
import belay.backend.loss.Targets;
import belay.net.Mark;
import belay.net.Operation;
import belay.net.Program;
import belay.net.Tally;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Runs operations of a program one to one, on a few images at a time. */
final class Interpreter {
  private final StopFlag stop;
  private final Program program;
  private final List<Operation> operations; // in order of execution
  private final List<Loops> loops; // of each operation
  private final int capacity;
  private final float[][] values;
  private float[][] gradients = {}; // of the loss with respect to each value; while training

  /**
   * @param stop looked at before each operation
   * @param operations of the program, those that are to run
   * @param capacity images at most, at a time
   * @param seed of what is random in training
   */
  Interpreter(StopFlag stop, Program program, List<Operation> operations, int capacity, long seed) {
    this.stop = stop;
    this.program = program;
    this.operations = operations;
    Lowering lowering = new Lowering(program, seed);
    this.loops = operations.stream().map(operation -> operation.accept(lowering)).toList();
    this.capacity = capacity;
    this.values = buffers();
    values[0] = new float[capacity * program.shape(0).size()];
  }

  /** [value][n H W C]; empty for values that no operation defines. */
  private float[][] buffers() {
    float[][] buffers = new float[program.shapes().size()][];
    Arrays.fill(buffers, new float[0]);
    for (Operation operation : operations) {
      int output = operation.output();
      buffers[output] = new float[capacity * program.shape(output).size()];
    }
    return buffers;
  }

  /** The images, to be filled before a forward pass [n H W C]. */
  float[] input() {
    return values[0];
  }

  /** A value of the last forward pass [n H W C]; fewer images leave the rest undefined. */
  float[] value(Mark mark) {
    return values[program.value(mark)];
  }

  /** A forward pass of evaluation or encoding. */
  Pass infer(float[] weights, int images) {
    return forward(new Pass(stop, weights, values, gradients, images, Optional.empty()));
  }

  /** A forward pass that a backward pass follows. */
  Pass train(float[] weights, int images, Pass.Moment moment) {
    if (gradients.length == 0) {
      gradients = buffers();
    }
    return forward(new Pass(stop, weights, values, gradients, images, Optional.of(moment)));
  }

  private Pass forward(Pass pass) {
    for (Loops each : loops) {
      stop.check();
      each.forward(pass);
    }
    return pass;
  }

  /** Sums over the images of the last pass. */
  Tally tally(Targets targets, Loss loss) {
    return loss.tally(targets, values[program.output()]);
  }

  /**
   * Adds the gradient of these images' share of the minibatch's loss.
   *
   * @param pass the last one
   * @param targets of its images
   * @param minibatch images in it
   * @param gradient of the loss [parameters]
   */
  void backward(Pass pass, Targets targets, Loss loss, int minibatch, float[] gradient) {
    for (float[] buffer : gradients) {
      Arrays.fill(buffer, 0);
    }
    int output = program.output();
    loss.gradient(targets, values[output], minibatch, gradients[output]);
    for (int i = loops.size() - 1; i >= 0; i--) {
      stop.check();
      loops.get(i).backward(pass, gradient);
    }
  }

  /** Sums over the images of a pass that the running statistics follow. */
  double[] statistics(Pass pass) {
    double[] sums = new double[program.weightCount() - program.parameterCount()];
    loops.forEach(each -> each.observe(pass, sums));
    return sums;
  }

  /** Moves the running statistics of weights; see {@link Loops#follow}. */
  void follow(double[] sums, int images, float[] weights) {
    loops.forEach(each -> each.follow(sums, images, weights));
  }
}
