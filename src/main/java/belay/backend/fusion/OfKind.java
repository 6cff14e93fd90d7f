package belay.backend.fusion;

import belay.net.Operation;
import java.util.Optional;

/** Picks the operations of one kind; any other is empty. */
public class OfKind<T> extends Otherwise<Optional<T>> {
  public static final OfKind<Operation.Conv> CONV =
      new OfKind<>() {
        @Override
        public Optional<Operation.Conv> conv(Operation.Conv conv) {
          return Optional.of(conv);
        }
      };

  public static final OfKind<Operation.Relu> RELU =
      new OfKind<>() {
        @Override
        public Optional<Operation.Relu> relu(Operation.Relu relu) {
          return Optional.of(relu);
        }
      };

  public static final OfKind<Operation.MaxPool> MAX_POOL =
      new OfKind<>() {
        @Override
        public Optional<Operation.MaxPool> maxPool(Operation.MaxPool pool) {
          return Optional.of(pool);
        }
      };

  public static final OfKind<Operation.Add> ADD =
      new OfKind<>() {
        @Override
        public Optional<Operation.Add> add(Operation.Add add) {
          return Optional.of(add);
        }
      };

  public static final OfKind<Operation.BatchNorm> BATCH_NORM =
      new OfKind<>() {
        @Override
        public Optional<Operation.BatchNorm> batchNorm(Operation.BatchNorm norm) {
          return Optional.of(norm);
        }
      };

  public static final OfKind<Operation.Normalize> NORMALIZE =
      new OfKind<>() {
        @Override
        public Optional<Operation.Normalize> normalize(Operation.Normalize normalize) {
          return Optional.of(normalize);
        }
      };

  private OfKind() {}

  @Override
  protected Optional<T> otherwise(Operation operation) {
    return Optional.empty();
  }
}
