package belay.backend.fusion;

import belay.net.Operation;

/**
 * For those to whom most operations are alike, and whose answer is right for any that comes later
 * too; whoever must know each one implements {@link Operation.Cases} itself.
 */
public abstract class Otherwise<R> implements Operation.Cases<R> {
  /** The answer for an operation whose own method is not overridden. */
  protected abstract R otherwise(Operation operation);

  @Override
  public R conv(Operation.Conv conv) {
    return otherwise(conv);
  }

  @Override
  public R relu(Operation.Relu relu) {
    return otherwise(relu);
  }

  @Override
  public R maxPool(Operation.MaxPool pool) {
    return otherwise(pool);
  }

  @Override
  public R upsample(Operation.Upsample upsample) {
    return otherwise(upsample);
  }

  @Override
  public R add(Operation.Add add) {
    return otherwise(add);
  }

  @Override
  public R linear(Operation.Linear linear) {
    return otherwise(linear);
  }

  @Override
  public R activation(Operation.Activation activation) {
    return otherwise(activation);
  }

  @Override
  public R batchNorm(Operation.BatchNorm norm) {
    return otherwise(norm);
  }

  @Override
  public R averagePool(Operation.AveragePool pool) {
    return otherwise(pool);
  }

  @Override
  public R globalAveragePool(Operation.GlobalAveragePool pool) {
    return otherwise(pool);
  }

  @Override
  public R dropout(Operation.Dropout dropout) {
    return otherwise(dropout);
  }

  @Override
  public R normalize(Operation.Normalize normalize) {
    return otherwise(normalize);
  }
}
