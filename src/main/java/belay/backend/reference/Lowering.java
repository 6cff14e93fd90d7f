package belay.backend.reference;

import belay.net.Operation;
import belay.net.Program;
import belay.net.Shape;

/** The loops of each kind of operation: what a network means. */
final class Lowering implements Operation.Cases<Loops> {
  private final Program program;

  Lowering(Program program) {
    this.program = program;
  }

  @Override
  public Loops conv(Operation.Conv conv) {
    Convolution convolution = new Convolution(program.shape(conv.input()), conv);
    return new Loops() {
      @Override
      public void forward(float[] parameters, float[][] values) {
        convolution.forward(parameters, values[conv.input()], values[conv.output()]);
      }

      @Override
      public void backward(
          float[] parameters, float[][] values, float[][] gradients, float[] gradient) {
        float[] dy = gradients[conv.output()];
        convolution.gradientOfParameters(values[conv.input()], dy, gradient);
        if (conv.input() != 0) { // nobody asks for the gradient of the image
          convolution.gradientOfInput(parameters, dy, gradients[conv.input()]);
        }
      }
    };
  }

  @Override
  public Loops relu(Operation.Relu relu) {
    return new Loops() {
      @Override
      public void forward(float[] parameters, float[][] values) {
        Pointwise.relu(values[relu.input()], values[relu.output()]);
      }

      @Override
      public void backward(
          float[] parameters, float[][] values, float[][] gradients, float[] gradient) {
        float[] dy = gradients[relu.output()];
        Pointwise.reluGradient(values[relu.input()], dy, gradients[relu.input()]);
      }
    };
  }

  @Override
  public Loops maxPool(Operation.MaxPool pool) {
    Shape in = program.shape(pool.input());
    int size = pool.window().kernel();
    return new Loops() {
      @Override
      public void forward(float[] parameters, float[][] values) {
        Pointwise.maxPool(in, size, values[pool.input()], values[pool.output()]);
      }

      @Override
      public void backward(
          float[] parameters, float[][] values, float[][] gradients, float[] gradient) {
        float[] dx = gradients[pool.input()];
        Pointwise.maxPoolGradient(in, size, values[pool.input()], gradients[pool.output()], dx);
      }
    };
  }

  @Override
  public Loops upsample(Operation.Upsample up) {
    Shape out = program.shape(up.output());
    return new Loops() {
      @Override
      public void forward(float[] parameters, float[][] values) {
        Pointwise.upsample(out, up.factor(), values[up.input()], values[up.output()]);
      }

      @Override
      public void backward(
          float[] parameters, float[][] values, float[][] gradients, float[] gradient) {
        float[] dy = gradients[up.output()];
        Pointwise.upsampleGradient(out, up.factor(), dy, gradients[up.input()]);
      }
    };
  }

  @Override
  public Loops add(Operation.Add add) {
    throw new UnsupportedOperationException("add");
  }

  @Override
  public Loops linear(Operation.Linear linear) {
    throw new UnsupportedOperationException("linear");
  }

  @Override
  public Loops activation(Operation.Activation activation) {
    throw new UnsupportedOperationException("activation");
  }

  @Override
  public Loops batchNorm(Operation.BatchNorm norm) {
    throw new UnsupportedOperationException("batchNorm");
  }

  @Override
  public Loops averagePool(Operation.AveragePool pool) {
    throw new UnsupportedOperationException("averagePool");
  }

  @Override
  public Loops globalAveragePool(Operation.GlobalAveragePool pool) {
    throw new UnsupportedOperationException("globalAveragePool");
  }

  @Override
  public Loops dropout(Operation.Dropout dropout) {
    throw new UnsupportedOperationException("dropout");
  }
}
