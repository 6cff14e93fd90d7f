package belay.backend.fusion;

import belay.net.Operation;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Operations that a backend runs as one: what lies between them is nowhere in memory. */
public sealed interface Piece {
  /** In order of execution; never empty. */
  List<Operation> operations();

  /** Name of the operation that does most of the work. */
  String name();

  /** Numbers of the values that it reads, in order; one that it reads twice comes twice. */
  default List<Integer> inputs() {
    List<Integer> inside = operations().stream().map(Operation::output).toList();
    return operations().stream()
        .flatMap(operation -> operation.inputs().stream())
        .filter(value -> !inside.contains(value))
        .toList();
  }

  /** Number of the value that it defines. */
  default int output() {
    return last().output();
  }

  default Operation last() {
    return operations().get(operations().size() - 1);
  }

  /** Whether training changes what it computes. */
  default boolean hasParameters() {
    return operations().stream().anyMatch(operation -> !operation.parameters().isEmpty());
  }

  <R> R accept(Cases<R> cases);

  /** An answer for each kind of operation by itself, and for a convolution with its neighbours. */
  interface Cases<R> extends Operation.Cases<R> {
    R convolution(Convolution piece);

    R normalization(Normalization piece);

    @Override
    default R conv(Operation.Conv conv) {
      return convolution(
          new Convolution(Optional.empty(), conv, Optional.empty(), Optional.empty()));
    }

    @Override
    default R batchNorm(Operation.BatchNorm norm) {
      return normalization(new Normalization(norm, Optional.empty(), Optional.empty()));
    }
  }

  /**
   * A convolution and what its pass over the data does besides.
   *
   * @param upsample of its input
   * @param relu of its output
   * @param pool of what the ReLU leaves
   */
  record Convolution(
      Optional<Operation.Upsample> upsample,
      Operation.Conv conv,
      Optional<Operation.Relu> relu,
      Optional<Operation.MaxPool> pool)
      implements Piece {
    /** Number of the value that it reads. */
    public int input() {
      return upsample.map(Operation.Upsample::input).orElse(conv.input());
    }

    @Override
    public String name() {
      return conv.name();
    }

    @Override
    public List<Operation> operations() {
      return Stream.of(upsample, Optional.of(conv), relu, pool)
          .<Operation>flatMap(Optional::stream)
          .toList();
    }

    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.convolution(this);
    }
  }

  /**
   * A batch normalisation and what its last pass over the data does besides.
   *
   * @param add of its output and another value
   * @param relu of the output, or of the sum
   */
  record Normalization(
      Operation.BatchNorm norm, Optional<Operation.Add> add, Optional<Operation.Relu> relu)
      implements Piece {
    /** Number of the value that is added. */
    public Optional<Integer> addend() {
      return add.map(a -> a.left() == norm.output() ? a.right() : a.left());
    }

    @Override
    public String name() {
      return norm.name();
    }

    @Override
    public List<Operation> operations() {
      return Stream.of(Optional.of(norm), add, relu).<Operation>flatMap(Optional::stream).toList();
    }

    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.normalization(this);
    }
  }

  /** Any other operation by itself. */
  record Single(Operation operation) implements Piece {
    @Override
    public String name() {
      return operation.name();
    }

    @Override
    public List<Operation> operations() {
      return List.of(operation);
    }

    @Override
    public <R> R accept(Cases<R> cases) {
      return operation.accept(cases);
    }
  }
}
