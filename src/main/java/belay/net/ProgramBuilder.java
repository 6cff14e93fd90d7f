package belay.net;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Appends operations one after another, keeping track of shapes and offsets. */
final class ProgramBuilder {
  private final List<Shape> shapes = new ArrayList<>();
  private final List<Operation> operations = new ArrayList<>();
  private final List<Parameter> parameters = new ArrayList<>();
  private final Map<Mark, Integer> marks = new EnumMap<>(Mark.class);
  private int parameterCount;

  ProgramBuilder(Shape input) {
    shapes.add(input);
  }

  /** Number of the value defined last. */
  int current() {
    return shapes.size() - 1;
  }

  /** Shape of the value defined last. */
  Shape last() {
    return shapes.get(current());
  }

  void conv(String name, int filters, Window window) {
    Shape in = last();
    int area = window.kernel() * window.kernel();
    Fans fans = new Fans(area * in.channels(), area * filters);
    List<Integer> shape = List.of(window.kernel(), window.kernel(), in.channels(), filters);
    Parameter weights = parameter(name + "/w", shape, Role.KERNEL, fans);
    Parameter bias = parameter(name + "/b", List.of(filters), Role.BIAS, fans);
    int input = current();
    int output = define(window.over(in, filters));
    operations.add(new Operation.Conv(name, input, output, window, weights, Optional.of(bias)));
  }

  void relu(String name) {
    int input = current();
    operations.add(new Operation.Relu(name, input, define(last())));
  }

  void maxPool(String name, Window window) {
    int input = current();
    int output = define(window.over(last(), last().channels()));
    operations.add(new Operation.MaxPool(name, input, output, window));
  }

  void upsample(String name, int factor) {
    Shape in = last();
    int input = current();
    int output = define(new Shape(in.height() * factor, in.width() * factor, in.channels()));
    operations.add(new Operation.Upsample(name, input, output, factor));
  }

  /** Marks the value defined last. */
  void mark(Mark mark) {
    marks.put(mark, current());
  }

  boolean has(Mark mark) {
    return marks.containsKey(mark);
  }

  boolean hasParameters() {
    return !parameters.isEmpty();
  }

  /** The program as it is so far; where no output is marked, it is the last value. */
  Program build() {
    marks.putIfAbsent(Mark.OUTPUT, current());
    return new Program(shapes, operations, parameters, marks);
  }

  private int define(Shape shape) {
    shapes.add(shape);
    return current();
  }

  private Parameter parameter(String name, List<Integer> shape, Role role, Fans fans) {
    Parameter parameter = new Parameter(name, shape, parameterCount, role, fans);
    parameters.add(parameter);
    parameterCount = parameter.end();
    return parameter;
  }
}
