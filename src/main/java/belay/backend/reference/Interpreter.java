package belay.backend.reference;

import belay.backend.StopFlag;
import belay.net.Operation;
import belay.net.Program;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs a program one to one on one image at a time. */
final class Interpreter {
  private final StopFlag stop;
  private final Program program;
  private final List<Operation> operations;
  private final Map<Operation.Conv, Convolution> convolutions = new HashMap<>();
  private final float[][] values; // [value][H W C]
  private final float[][] gradients; // of the loss with respect to each value

  /**
   * @param stop looked at before each operation, so that it also ends passes over large images
   * @param operations the whole program or its encoder
   */
  Interpreter(StopFlag stop, Program program, List<Operation> operations) {
    this.stop = stop;
    this.program = program;
    this.operations = operations;
    this.values = buffers(program);
    this.gradients = buffers(program);
    for (Operation operation : operations) {
      if (operation instanceof Operation.Conv conv) {
        convolutions.put(conv, new Convolution(program.shape(conv.input()), conv));
      }
    }
  }

  private static float[][] buffers(Program program) {
    return program.shapes().stream().map(shape -> new float[shape.size()]).toArray(float[][]::new);
  }

  /** The input image, to be filled before {@link #forward}. */
  float[] input() {
    return values[0];
  }

  float[] latent() {
    return values[program.latent()];
  }

  float[] output() {
    return values[program.output()];
  }

  double loss() {
    return Pointwise.meanSquaredError(input(), output());
  }

  void forward(float[] parameters) {
    for (Operation operation : operations) {
      stop.check();
      float[] x = values[operation.input()];
      float[] y = values[operation.output()];
      if (operation instanceof Operation.Conv conv) {
        convolutions.get(conv).forward(parameters, x, y);
      } else if (operation instanceof Operation.Relu) {
        Pointwise.relu(x, y);
      } else if (operation instanceof Operation.MaxPool pool) {
        Pointwise.maxPool(program.shape(pool.input()), pool.size(), x, y);
      } else if (operation instanceof Operation.Upsample up) {
        Pointwise.upsample(program.shape(up.output()), up.factor(), x, y);
      }
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
    for (int i = operations.size() - 1; i >= 0; i--) {
      stop.check();
      backward(operations.get(i), parameters, gradient);
    }
  }

  private void backward(Operation operation, float[] parameters, float[] gradient) {
    float[] x = values[operation.input()];
    float[] dy = gradients[operation.output()];
    float[] dx = gradients[operation.input()];
    if (operation instanceof Operation.Conv conv) {
      Convolution convolution = convolutions.get(conv);
      convolution.gradientOfParameters(x, dy, gradient);
      if (conv.input() != 0) { // nobody asks for the gradient of the image
        convolution.gradientOfInput(parameters, dy, dx);
      }
    } else if (operation instanceof Operation.Relu) {
      Pointwise.reluGradient(x, dy, dx);
    } else if (operation instanceof Operation.MaxPool pool) {
      Pointwise.maxPoolGradient(program.shape(pool.input()), pool.size(), x, dy, dx);
    } else if (operation instanceof Operation.Upsample up) {
      Pointwise.upsampleGradient(program.shape(up.output()), up.factor(), dy, dx);
    }
  }
}
