package belay.backend;

import belay.net.Operation;
import java.util.Optional;

/** Picks the operations of one kind; any other is empty. */
public class Kind<T> implements Operation.Cases<Optional<T>> {
  public static final Kind<Operation.Conv> CONV =
      new Kind<>() {
        @Override
        public Optional<Operation.Conv> conv(Operation.Conv conv) {
          return Optional.of(conv);
        }
      };

  public static final Kind<Operation.Relu> RELU =
      new Kind<>() {
        @Override
        public Optional<Operation.Relu> relu(Operation.Relu relu) {
          return Optional.of(relu);
        }
      };

  public static final Kind<Operation.MaxPool> MAX_POOL =
      new Kind<>() {
        @Override
        public Optional<Operation.MaxPool> maxPool(Operation.MaxPool pool) {
          return Optional.of(pool);
        }
      };

  public static final Kind<Operation.Add> ADD =
      new Kind<>() {
        @Override
        public Optional<Operation.Add> add(Operation.Add add) {
          return Optional.of(add);
        }
      };

  private Kind() {}

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
