package belay.backend.fusion;

import belay.net.Operation;
import belay.net.Program;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which operations run as one. Two are joined only where nobody else reads the value
 * between them: it has exactly one reader and bears no mark.
 */
public final class Pieces extends Otherwise<Piece> {
  private final Program program;
  private final List<Operation> operations;
  private final Fusions fusions;
  private final Set<Operation> taken = new HashSet<>();

  private Pieces(Program program, List<Operation> operations, Fusions fusions) {
    this.program = program;
    this.operations = operations;
    this.fusions = fusions;
  }

  /**
   * @param operations of the program, those that are to run
   * @return each operation in exactly one piece, in an order in which they can run
   */
  public static List<Piece> of(Program program, List<Operation> operations, Fusions fusions) {
    return new Pieces(program, operations, fusions).pieces();
  }

  private List<Piece> pieces() {
    List<Piece> pieces = new ArrayList<>();
    for (Operation operation : operations) {
      if (!taken.contains(operation)) {
        Piece piece = operation.accept(this);
        taken.addAll(piece.operations());
        pieces.add(piece);
      }
    }
    // A piece waits for its last operation, whose inputs are all there by then.
    pieces.sort(Comparator.comparingInt(piece -> operations.indexOf(piece.last())));
    return pieces;
  }

  @Override
  protected Piece otherwise(Operation operation) {
    return new Piece.Single(operation);
  }

  @Override
  public Piece conv(Operation.Conv conv) {
    return convolution(Optional.empty(), conv);
  }

  @Override
  public Piece upsample(Operation.Upsample upsample) {
    return after(upsample, OfKind.CONV)
        .filter(conv -> fusions.upsamples(upsample, conv))
        .<Piece>map(conv -> convolution(Optional.of(upsample), conv))
        .orElseGet(() -> new Piece.Single(upsample));
  }

  private Piece.Convolution convolution(
      Optional<Operation.Upsample> upsample, Operation.Conv conv) {
    Optional<Operation.Relu> relu = after(conv, OfKind.RELU);
    Optional<Operation.MaxPool> pool =
        relu.flatMap(r -> after(r, OfKind.MAX_POOL))
            .filter(p -> fusions.pools(p, upsample.isPresent()));
    return new Piece.Convolution(upsample, conv, relu, pool);
  }

  /** The operation that alone reads what another defines, if it is of that kind. */
  private <T> Optional<T> after(Operation operation, OfKind<T> kind) {
    List<Operation> readers =
        operations.stream().filter(o -> o.inputs().contains(operation.output())).toList();
    boolean alone = readers.size() == 1 && !program.isMarked(operation.output());
    return alone && !taken.contains(readers.get(0))
        ? readers.get(0).accept(kind)
        : Optional.empty();
  }

  @Override
  public Piece batchNorm(Operation.BatchNorm norm) {
    Optional<Operation.Add> add =
        after(norm, OfKind.ADD).filter(a -> fusions.normalizesAndAdds() && a.left() != a.right());
    Operation sum = add.<Operation>map(a -> a).orElse(norm);
    Optional<Operation.Relu> relu =
        after(sum, OfKind.RELU).filter(r -> fusions.normalizesAndRectifies());
    return add.isPresent() || relu.isPresent()
        ? new Piece.Normalization(norm, add, relu)
        : new Piece.Single(norm);
  }
}
