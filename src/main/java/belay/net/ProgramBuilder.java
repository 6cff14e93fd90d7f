package belay.net;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Appends operations one after another, keeping track of shapes and offsets. */
final class ProgramBuilder {
  private final List<Shape> shapes = new ArrayList<>();
  private final List<Operation> operations = new ArrayList<>();
  private final List<Parameter> parameters = new ArrayList<>();
  private final List<Unplaced> unplaced = new ArrayList<>();
  private final Map<Mark, Integer> marks = new EnumMap<>(Mark.class);
  private float logitScale = 1;
  private int parameterCount;

  /** Statistics lie behind all parameters, whose number is known at the end. */
  private record Unplaced(
      int place, List<Statistic> statistics, Function<List<Statistic>, Operation> operation) {}

  ProgramBuilder(Shape input) {
    shapes.add(input);
  }

  /** Number of the value defined last. */
  int current() {
    return shapes.size() - 1;
  }

  /** Whether a value is that of the images, or they normalised. */
  boolean isImage(int value) {
    return value == 0
        || operations.get(value - 1).statistics().stream()
            .anyMatch(statistic -> statistic.kind() == Statistic.Kind.DEVIATION);
  }

  /** Shape of a value. */
  Shape shape(int value) {
    return shapes.get(value);
  }

  void conv(
      String name, int input, int filters, Window window, boolean biased, Parameter.Start start) {
    Shape in = shape(input);
    int area = window.kernel() * window.kernel();
    Fans fans = new Fans(area * in.channels(), area * filters);
    List<Integer> shape = List.of(window.kernel(), window.kernel(), in.channels(), filters);
    Parameter weights = parameter(name + "/w", shape, Role.KERNEL, fans, start);
    Optional<Parameter> bias = bias(name, filters, fans, biased);
    int output = define(window.over(in, filters));
    operations.add(new Operation.Conv(name, input, output, window, weights, bias));
  }

  void linear(String name, int input, int outputs, boolean biased, Parameter.Start start) {
    int inputs = shape(input).size();
    Fans fans = new Fans(inputs, outputs);
    Parameter weights = parameter(name + "/w", List.of(inputs, outputs), Role.KERNEL, fans, start);
    Optional<Parameter> bias = bias(name, outputs, fans, biased);
    int output = define(new Shape(1, 1, outputs));
    operations.add(new Operation.Linear(name, input, output, weights, bias));
  }

  private Optional<Parameter> bias(String name, int outputs, Fans fans, boolean biased) {
    return biased
        ? Optional.of(parameter(name + "/b", List.of(outputs), Role.BIAS, fans))
        : Optional.empty();
  }

  /**
   * @param scaled whether its scale is trained
   */
  void batchNorm(String name, int input, float epsilon, float momentum, boolean scaled) {
    int channels = shape(input).channels();
    Fans fans = new Fans(1, 1);
    Optional<Parameter> scale =
        scaled
            ? Optional.of(parameter(name + "/scale", List.of(channels), Role.SCALE, fans))
            : Optional.empty();
    Parameter shift = parameter(name + "/shift", List.of(channels), Role.SHIFT, fans);
    Statistic mean = new Statistic(name + "/mean", Statistic.Kind.MEAN, channels, 0);
    Statistic variance = new Statistic(name + "/variance", Statistic.Kind.VARIANCE, channels, 0);
    int output = define(shape(input));
    observing(
        List.of(mean, variance),
        s ->
            new Operation.BatchNorm(
                name, input, output, scale, shift, s.get(0), s.get(1), epsilon, momentum));
  }

  void normalize(String name, int input) {
    int channels = shape(input).channels();
    Statistic mean = new Statistic(name + "/mean", Statistic.Kind.MEAN, channels, 0);
    Statistic deviation = new Statistic(name + "/deviation", Statistic.Kind.DEVIATION, channels, 0);
    int output = define(shape(input));
    observing(
        List.of(mean, deviation),
        s -> new Operation.Normalize(name, input, output, s.get(0), s.get(1)));
  }

  private void observing(
      List<Statistic> statistics, Function<List<Statistic>, Operation> operation) {
    unplaced.add(new Unplaced(operations.size(), statistics, operation));
    operations.add(operation.apply(statistics));
  }

  void relu(String name, int input) {
    operations.add(new Operation.Relu(name, input, define(shape(input))));
  }

  void activation(String name, int input, Curve curve) {
    operations.add(new Operation.Activation(name, input, define(shape(input)), curve));
  }

  void add(String name, int left, int right) {
    operations.add(new Operation.Add(name, left, right, define(shape(left))));
  }

  void maxPool(String name, int input, Window window) {
    int output = define(pooled(input, window));
    operations.add(new Operation.MaxPool(name, input, output, window));
  }

  void averagePool(String name, int input, Window window) {
    int output = define(pooled(input, window));
    operations.add(new Operation.AveragePool(name, input, output, window));
  }

  private Shape pooled(int input, Window window) {
    return window.over(shape(input), shape(input).channels());
  }

  void globalAveragePool(String name, int input) {
    int output = define(new Shape(1, 1, shape(input).channels()));
    operations.add(new Operation.GlobalAveragePool(name, input, output));
  }

  void upsample(String name, int input, int factor) {
    Shape in = shape(input);
    int output = define(new Shape(in.height() * factor, in.width() * factor, in.channels()));
    operations.add(new Operation.Upsample(name, input, output, factor));
  }

  void dropout(String name, int input, float rate) {
    operations.add(new Operation.Dropout(name, input, define(shape(input)), rate));
  }

  void mark(Mark mark, int value) {
    marks.put(mark, value);
  }

  /** Marks the scores, which count so many times. */
  void logits(int value, float scale) {
    mark(Mark.LOGITS, value);
    logitScale = scale;
  }

  boolean has(Mark mark) {
    return marks.containsKey(mark);
  }

  boolean hasParameters() {
    return !parameters.isEmpty();
  }

  /**
   * The program as it is so far; where neither output nor logits are marked, the last value is the
   * output.
   */
  Program build() {
    if (!has(Mark.LOGITS)) {
      marks.putIfAbsent(Mark.OUTPUT, current());
    }
    List<Operation> placed = new ArrayList<>(operations);
    List<Statistic> statistics = new ArrayList<>();
    for (Unplaced each : unplaced) {
      List<Statistic> its = each.statistics().stream().map(s -> placed(s, statistics)).toList();
      placed.set(each.place(), each.operation().apply(its));
    }
    return new Program(shapes, placed, parameters, statistics, marks, logitScale);
  }

  private Statistic placed(Statistic statistic, List<Statistic> before) {
    int offset = before.isEmpty() ? parameterCount : before.get(before.size() - 1).end();
    Statistic placed = new Statistic(statistic.name(), statistic.kind(), statistic.size(), offset);
    before.add(placed);
    return placed;
  }

  private int define(Shape shape) {
    shapes.add(shape);
    return current();
  }

  private Parameter parameter(String name, List<Integer> shape, Role role, Fans fans) {
    return parameter(name, shape, role, fans, Parameter.Start.DRAWN);
  }

  private Parameter parameter(
      String name, List<Integer> shape, Role role, Fans fans, Parameter.Start start) {
    Parameter parameter = new Parameter(name, shape, parameterCount, role, fans, start);
    parameters.add(parameter);
    parameterCount = parameter.end();
    return parameter;
  }
}
