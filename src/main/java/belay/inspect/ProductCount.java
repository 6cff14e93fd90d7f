package belay.inspect;

import belay.net.Operation;
import belay.net.Program;
import belay.net.Shape;
import java.util.OptionalLong;

/**
 * Floating-point operations of a forward pass of one image: two for each product that is summed;
 * empty where there are none.
 */
final class ProductCount implements Operation.Cases<OptionalLong> {
  private final Program program;

  ProductCount(Program program) {
    this.program = program;
  }

  long all() {
    return program.operations().stream().mapToLong(o -> o.accept(this).orElse(0)).sum();
  }

  @Override
  public OptionalLong conv(Operation.Conv conv) {
    Shape out = program.shape(conv.output());
    return OptionalLong.of(2L * out.height() * out.width() * conv.weights().size());
  }

  @Override
  public OptionalLong linear(Operation.Linear linear) {
    return OptionalLong.of(2L * linear.weights().size());
  }

  @Override
  public OptionalLong batchNorm(Operation.BatchNorm norm) {
    return OptionalLong.empty();
  }

  @Override
  public OptionalLong relu(Operation.Relu relu) {
    return OptionalLong.empty();
  }

  @Override
  public OptionalLong activation(Operation.Activation activation) {
    return OptionalLong.empty();
  }

  @Override
  public OptionalLong add(Operation.Add add) {
    return OptionalLong.empty();
  }

  @Override
  public OptionalLong maxPool(Operation.MaxPool pool) {
    return OptionalLong.empty();
  }

  @Override
  public OptionalLong averagePool(Operation.AveragePool pool) {
    return OptionalLong.empty();
  }

  @Override
  public OptionalLong globalAveragePool(Operation.GlobalAveragePool pool) {
    return OptionalLong.empty();
  }

  @Override
  public OptionalLong upsample(Operation.Upsample upsample) {
    return OptionalLong.empty();
  }

  @Override
  public OptionalLong dropout(Operation.Dropout dropout) {
    return OptionalLong.empty();
  }
}
