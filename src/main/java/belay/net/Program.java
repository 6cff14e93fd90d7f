package belay.net;

import java.util.ArrayList;
import java.util.List;

/**
 * A network lowered to operations on numbered values. Value 0 is the input image; each operation
 * defines one more, so that a later operation may read any earlier value and a branch needs no new
 * structure.
 *
 * @param shapes shape of each value
 * @param operations in order of execution
 * @param parameters in order of their offsets, without gaps
 * @param latent number of the value that extraction writes
 */
public record Program(
    List<Shape> shapes, List<Operation> operations, List<Parameter> parameters, int latent) {
  public Program {
    shapes = List.copyOf(shapes);
    operations = List.copyOf(operations);
    parameters = List.copyOf(parameters);
  }

  public Shape shape(int value) {
    return shapes.get(value);
  }

  /** Number of the value that the loss compares with the input. */
  public int output() {
    return shapes.size() - 1;
  }

  /** The operations that lead to the latent value, for a plan that only encodes. */
  public List<Operation> encoder() {
    return operations.stream().filter(operation -> operation.output() <= latent).toList();
  }

  /** Appends operations one after another, keeping track of shapes and offsets. */
  static final class Builder {
    private final List<Shape> shapes = new ArrayList<>();
    private final List<Operation> operations = new ArrayList<>();
    private final List<Parameter> parameters = new ArrayList<>();
    private int parameterCount;
    private int latent = -1;

    Builder(Shape input) {
      shapes.add(input);
    }

    Shape last() {
      return shapes.get(current());
    }

    void conv(Layer.Conv layer) {
      Shape in = last();
      int area = layer.kernel() * layer.kernel();
      int fanIn = area * in.channels();
      int fanOut = area * layer.filters();
      List<Integer> shape = List.of(layer.kernel(), layer.kernel(), in.channels(), layer.filters());
      Parameter weights = parameter(layer.name() + "/w", shape, fanIn, fanOut);
      Parameter bias = parameter(layer.name() + "/b", List.of(layer.filters()), fanIn, fanOut);
      int input = current();
      int output = define(new Shape(in.height(), in.width(), layer.filters()));
      operations.add(new Operation.Conv(input, output, layer.kernel(), weights, bias));
    }

    void relu() {
      int input = current();
      operations.add(new Operation.Relu(input, define(last())));
    }

    void maxPool(int size) {
      Shape in = last();
      int input = current();
      int output = define(new Shape(in.height() / size, in.width() / size, in.channels()));
      operations.add(new Operation.MaxPool(input, output, size));
    }

    void upsample(int factor) {
      Shape in = last();
      int input = current();
      int output = define(new Shape(in.height() * factor, in.width() * factor, in.channels()));
      operations.add(new Operation.Upsample(input, output, factor));
    }

    void latent() {
      latent = current();
    }

    boolean hasLatent() {
      return latent >= 0;
    }

    boolean hasParameters() {
      return !parameters.isEmpty();
    }

    Program build() {
      return new Program(shapes, operations, parameters, latent);
    }

    private int current() {
      return shapes.size() - 1;
    }

    private int define(Shape shape) {
      shapes.add(shape);
      return current();
    }

    private Parameter parameter(String name, List<Integer> shape, int fanIn, int fanOut) {
      Parameter parameter = new Parameter(name, shape, parameterCount, fanIn, fanOut);
      parameters.add(parameter);
      parameterCount = parameter.end();
      return parameter;
    }
  }
}
