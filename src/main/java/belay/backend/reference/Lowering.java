package belay.backend.reference;

import belay.net.Operation;
import belay.net.Parameter;
import belay.net.Program;
import belay.net.Shape;
import belay.net.Window;
import java.util.Optional;

/** The loops of each kind of operation: what a network means. */
final class Lowering implements Operation.Cases<Loops> {
  private final Program program;
  private final long seed;

  /**
   * @param seed of what is random in training
   */
  Lowering(Program program, long seed) {
    this.program = program;
    this.seed = seed;
  }

  @Override
  public Loops conv(Operation.Conv conv) {
    Shape in = program.shape(conv.input());
    return product(conv, in, conv.window(), conv.weights(), conv.bias());
  }

  /** A convolution of an image of one pixel. */
  @Override
  public Loops linear(Operation.Linear linear) {
    Shape in = new Shape(1, 1, program.shape(linear.input()).size());
    return product(linear, in, new Window(1, 1, 0), linear.weights(), linear.bias());
  }

  private Loops product(
      Operation operation, Shape in, Window window, Parameter weights, Optional<Parameter> bias) {
    int output = operation.output();
    return new Convolution(
        operation.inputs().get(0), output, in, program.shape(output), window, weights, bias);
  }

  @Override
  public Loops relu(Operation.Relu relu) {
    return new Rectifier(size(relu)).between(relu.input(), relu.output());
  }

  @Override
  public Loops activation(Operation.Activation activation) {
    return new CurveMapping(size(activation), activation.curve().accept(new Curves()))
        .between(activation.input(), activation.output());
  }

  @Override
  public Loops maxPool(Operation.MaxPool pool) {
    return new MaxPooling(pixels(pool, pool.window())).between(pool.input(), pool.output());
  }

  @Override
  public Loops averagePool(Operation.AveragePool pool) {
    return new AveragePooling(pixels(pool, pool.window())).between(pool.input(), pool.output());
  }

  private WindowPixels pixels(Operation pool, Window window) {
    return new WindowPixels(
        program.shape(pool.inputs().get(0)), program.shape(pool.output()), window);
  }

  @Override
  public Loops globalAveragePool(Operation.GlobalAveragePool pool) {
    return new GlobalAveraging(program.shape(pool.input())).between(pool.input(), pool.output());
  }

  @Override
  public Loops upsample(Operation.Upsample upsample) {
    return new Upsampling(program.shape(upsample.output()), upsample.factor())
        .between(upsample.input(), upsample.output());
  }

  @Override
  public Loops add(Operation.Add add) {
    return new Addition(add, size(add));
  }

  @Override
  public Loops batchNorm(Operation.BatchNorm norm) {
    return new Normalization(norm, program.shape(norm.output()), program.parameterCount());
  }

  @Override
  public Loops normalize(Operation.Normalize normalize) {
    return new ChannelScaling(normalize, size(normalize));
  }

  @Override
  public Loops dropout(Operation.Dropout dropout) {
    return new Dropping(dropout, size(dropout), seed);
  }

  /** Values of an image of what an operation defines. */
  private int size(Operation operation) {
    return program.shape(operation.output()).size();
  }
}
