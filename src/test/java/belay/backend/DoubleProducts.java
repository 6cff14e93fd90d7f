package belay.backend;

import belay.backend.fusion.Otherwise;
import belay.data.ImageSet;
import belay.data.RowOrder;
import belay.net.Network;
import belay.net.Operation;
import belay.net.Parameter;
import belay.net.Program;
import belay.net.Shape;
import belay.net.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A chain of convolutions and linear operations in double: each value, and the gradient of the
 * first step on all images, with its variance.
 */
final class DoubleProducts extends Otherwise<DoubleProduct> {
  private final Precision precision;
  private final Program program;
  private final float[] weights;
  private final List<DoubleProduct> products = new ArrayList<>();
  private final List<Estimate> values = new ArrayList<>();

  DoubleProducts(Precision precision, Network network, float[] weights, ImageSet images) {
    this.precision = precision;
    this.program = network.program();
    this.weights = weights;
    float[] x = new float[images.count() * network.input().size()];
    images.normalized(RowOrder.identity(images.count()), 0, images.count(), x);
    values.add(Estimate.exactly(x));
    for (Operation operation : program.operations()) {
      DoubleProduct product = operation.accept(this);
      products.add(product);
      values.add(product.forward());
    }
  }

  Estimate value(int number) {
    return values.get(number);
  }

  /** Of the mean squared error [parameters]. */
  Estimate gradient() {
    Estimate gradient = Estimate.zeros(program.parameterCount());
    Estimate dy = loss();
    for (int i = products.size() - 1; i >= 0; i--) {
      products.get(i).gradientOfParameters(dy, gradient);
      if (i > 0) {
        dy = products.get(i).gradientOfInput(dy);
      }
    }
    int pixels = values.get(0).value().length / program.shape(0).channels();
    gradient.round(Estimate.relativeVariance(precision, pixels));
    return gradient;
  }

  private Estimate loss() {
    double[] x = values.get(0).value();
    Estimate y = values.get(program.output());
    Estimate dy = Estimate.zeros(x.length);
    for (int i = 0; i < x.length; i++) {
      dy.value()[i] = 2 * (y.value()[i] - x[i]) / x.length;
      dy.variance()[i] = y.variance()[i] * Math.pow(2.0 / x.length, 2);
    }
    dy.round(Estimate.relativeVariance(precision, 1));
    return dy;
  }

  @Override
  public DoubleProduct conv(Operation.Conv conv) {
    Shape in = program.shape(conv.input());
    return product(conv, in, conv.window(), conv.weights(), conv.bias());
  }

  @Override
  public DoubleProduct linear(Operation.Linear linear) {
    Shape in = new Shape(1, 1, program.shape(linear.input()).size());
    return product(linear, in, new Window(1, 1, 0), linear.weights(), linear.bias());
  }

  private DoubleProduct product(
      Operation operation, Shape in, Window window, Parameter kernel, Optional<Parameter> bias) {
    Shape out = program.shape(operation.output());
    Estimate x = values.get(operation.inputs().get(0));
    return new DoubleProduct(precision, in, out, window, kernel, bias, weights, x);
  }

  @Override
  protected DoubleProduct otherwise(Operation operation) {
    throw new IllegalArgumentException(operation + " is no product");
  }
}
