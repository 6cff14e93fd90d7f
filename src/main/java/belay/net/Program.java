package belay.net;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network lowered to a graph: operations on numbered values. Value 0 is the input image; each
 * operation reads any earlier values and defines one more.
 *
 * @param shapes shape of each value
 * @param operations in order of execution: what one reads is defined before, and only once
 * @param parameters in order of their offsets, without gaps
 * @param statistics in order of their offsets, which follow those of the parameters without gaps
 * @param marks number of each value that somebody outside of the program reads
 * @param logitScale what softmax takes of each score: this times the value that is marked as logits
 */
public record Program(
    List<Shape> shapes,
    List<Operation> operations,
    List<Parameter> parameters,
    List<Statistic> statistics,
    Map<Mark, Integer> marks,
    float logitScale) {
  public Program {
    shapes = List.copyOf(shapes);
    operations = List.copyOf(operations);
    checkOrder(operations);
    parameters = List.copyOf(parameters);
    statistics = List.copyOf(statistics);
    Map<Mark, Integer> inOrder = new EnumMap<>(Mark.class);
    inOrder.putAll(marks);
    marks = Collections.unmodifiableMap(inOrder);
  }

  /** Whose scores count as they are. */
  public Program(
      List<Shape> shapes,
      List<Operation> operations,
      List<Parameter> parameters,
      List<Statistic> statistics,
      Map<Mark, Integer> marks) {
    this(shapes, operations, parameters, statistics, marks, 1);
  }

  private static void checkOrder(List<Operation> operations) {
    Set<Integer> defined = new HashSet<>(Set.of(0));
    for (Operation operation : operations) {
      if (!defined.containsAll(operation.inputs())) {
        throw new IllegalArgumentException(operation + " reads a value that nobody has defined");
      }
      if (!defined.add(operation.output())) {
        throw new IllegalArgumentException(operation + " defines a value again");
      }
    }
  }

  /** Values that are trained: the first of the weights. */
  public int parameterCount() {
    return parameters.stream().mapToInt(Parameter::size).sum();
  }

  /** Length of the weights: parameters, then statistics. */
  public int weightCount() {
    return parameterCount() + statistics.stream().mapToInt(Statistic::size).sum();
  }

  public Shape shape(int value) {
    return shapes.get(value);
  }

  /**
   * Number of the value that bears a mark.
   *
   * @throws IllegalArgumentException if none does
   */
  public int value(Mark mark) {
    if (!marks.containsKey(mark)) {
      throw new IllegalArgumentException("No value is marked " + mark);
    }
    return marks.get(mark);
  }

  /** Number of the value that extraction writes. */
  public int latent() {
    return value(Mark.LATENT);
  }

  /** Number of the value that the loss looks at: the reconstruction, or the scores of classes. */
  public int output() {
    return value(classifies() ? Mark.LOGITS : Mark.OUTPUT);
  }

  /** Whether it scores classes; if not, it reconstructs the image. */
  public boolean classifies() {
    return marks.containsKey(Mark.LOGITS);
  }

  public boolean isMarked(int value) {
    return marks.containsValue(value);
  }

  /**
   * The operation that defines a value.
   *
   * @throws IllegalArgumentException for the input image
   */
  public Operation definition(int value) {
    return operations.stream()
        .filter(operation -> operation.output() == value)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No operation defines value " + value));
  }

  /** The operations that read a value, in order of execution. */
  public List<Operation> readers(int value) {
    return operations.stream().filter(operation -> operation.inputs().contains(value)).toList();
  }

  /** The operations that a marked value depends on, in order of execution. */
  public List<Operation> leadingTo(Mark mark) {
    Set<Integer> needed = new HashSet<>(Set.of(value(mark)));
    Deque<Operation> leading = new ArrayDeque<>();
    for (int i = operations.size() - 1; i >= 0; i--) {
      Operation operation = operations.get(i);
      if (needed.contains(operation.output())) {
        needed.addAll(operation.inputs());
        leading.addFirst(operation);
      }
    }
    return List.copyOf(leading);
  }
}
