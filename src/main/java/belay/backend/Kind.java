package belay.backend;

import belay.net.Operation;
import java.util.Optional;

/** Picks the operations of one kind, which may go on a piece; any other ends it. */
class Follower<T> implements Operation.Cases<Optional<T>> {
  static final Follower<Operation.Conv> CONV =
      new Follower<>() {
        @Override
        public Optional<Operation.Conv> conv(Operation.Conv conv) {
          return Optional.of(conv);
        }
      };

  static final Follower<Operation.Relu> RELU =
      new Follower<>() {
        @Override
        public Optional<Operation.Relu> relu(Operation.Relu relu) {
          return Optional.of(relu);
        }
      };

  static final Follower<Operation.MaxPool> MAX_POOL =
      new Follower<>() {
        @Override
        public Optional<Operation.MaxPool> maxPool(Operation.MaxPool pool) {
          return Optional.of(pool);
        }
      };

  static final Follower<Operation.Add> ADD =
      new Follower<>() {
        @Override
        public Optional<Operation.Add> add(Operation.Add add) {
          return Optional.of(add);
        }
      };

  private Follower() {}

  @Override
  public Optional<T> conv(Operation.Conv conv) {
    return Optional.empty();
  }

  @Override
  public Optional<T> relu(Operation.Relu relu) {
    return Optional.empty();
  }

  @Override
  public Optional<T> maxPool(Operation.MaxPool pool) {
    return Optional.empty();
  }

  @Override
  public Optional<T> upsample(Operation.Upsample upsample) {
    return Optional.empty();
  }

  @Override
  public Optional<T> add(Operation.Add add) {
    return Optional.empty();
  }

  @Override
  public Optional<T> linear(Operation.Linear linear) {
    return Optional.empty();
  }

  @Override
  public Optional<T> activation(Operation.Activation activation) {
    return Optional.empty();
  }

  @Override
  public Optional<T> batchNorm(Operation.BatchNorm norm) {
    return Optional.empty();
  }

  @Override
  public Optional<T> averagePool(Operation.AveragePool pool) {
    return Optional.empty();
  }

  @Override
  public Optional<T> globalAveragePool(Operation.GlobalAveragePool pool) {
    return Optional.empty();
  }

  @Override
  public Optional<T> dropout(Operation.Dropout dropout) {
    return Optional.empty();
  }
}
