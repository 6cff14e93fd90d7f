package belay.backend;

import belay.net.Parameter;
import belay.net.Shape;
import belay.net.Window;
import java.util.Optional;

/**
 * A convolution or linear operation in double, forward and backward, with the variance of each
 * result. Weights are exact until a device rounds them.
 *
 * @param x the images read [n H W C]
 */
record DoubleProduct(
    Precision precision,
    Shape in,
    Shape out,
    Window window,
    Parameter kernel,
    Optional<Parameter> bias,
    float[] weights,
    Estimate x) {
  private int images() {
    return x.value().length / in.size();
  }

  private double variance(int terms) {
    return Estimate.relativeVariance(precision, terms);
  }

  Estimate forward() {
    Estimate y = Estimate.zeros(images() * out.size());
    double c = variance(kernel.size() / out.channels());
    WindowTaps.forEach(images(), in, out, window, (px, py, tap) -> forward(c, px, py, tap, y));
    for (int i = 0; i < y.value().length && bias.isPresent(); i++) {
      y.value()[i] += weights[bias.get().offset() + i % out.channels()];
    }
    y.round(c);
    return y;
  }

  private void forward(double c, int px, int py, int tap, Estimate y) {
    double[] values = y.value();
    double[] variances = y.variance();
    for (int i = 0; i < in.channels(); i++) {
      double value = x.value()[px + i];
      double spread = x.variance()[px + i] + c * value * value;
      int row = row(tap, i);
      for (int o = 0; o < out.channels(); o++) {
        double w = weights[row + o];
        values[py + o] += value * w;
        variances[py + o] += spread * w * w;
      }
    }
  }

  private int row(int tap, int channel) {
    return kernel.offset() + (tap * in.channels() + channel) * out.channels();
  }

  /**
   * @param gradient receives those of weights and bias [parameters]
   */
  void gradientOfParameters(Estimate dy, Estimate gradient) {
    double c = variance(images() * out.height() * out.width());
    WindowTaps.forEach(
        images(), in, out, window, (px, py, tap) -> gradient(c, px, py, tap, dy, gradient));
    for (int i = 0; i < dy.value().length && bias.isPresent(); i++) {
      int place = bias.get().offset() + i % out.channels();
      gradient.value()[place] += dy.value()[i];
      gradient.variance()[place] += dy.variance()[i] + c * Math.pow(dy.value()[i], 2);
    }
  }

  private void gradient(double c, int px, int py, int tap, Estimate dy, Estimate gradient) {
    double[] values = gradient.value();
    double[] variances = gradient.variance();
    double[] dyValues = dy.value();
    double[] dyVariances = dy.variance();
    for (int i = 0; i < in.channels(); i++) {
      double value = x.value()[px + i];
      double square = value * value;
      double spread = x.variance()[px + i] + c * square;
      int row = row(tap, i);
      for (int o = 0; o < out.channels(); o++) {
        double d = dyValues[py + o];
        values[row + o] += value * d;
        variances[row + o] += spread * d * d + square * dyVariances[py + o];
      }
    }
  }

  Estimate gradientOfInput(Estimate dy) {
    Estimate dx = Estimate.zeros(x.value().length);
    double c = variance(kernel.size() / in.channels());
    WindowTaps.forEach(images(), in, out, window, (px, py, tap) -> back(c, px, py, tap, dy, dx));
    dx.round(c);
    return dx;
  }

  private void back(double c, int px, int py, int tap, Estimate dy, Estimate dx) {
    double[] dyValues = dy.value();
    double[] dyVariances = dy.variance();
    for (int i = 0; i < in.channels(); i++) {
      int row = row(tap, i);
      double sum = 0;
      double variance = 0;
      for (int o = 0; o < out.channels(); o++) {
        double w = weights[row + o];
        double d = dyValues[py + o];
        sum += d * w;
        variance += (dyVariances[py + o] + c * d * d) * w * w;
      }
      dx.value()[px + i] += sum;
      dx.variance()[px + i] += variance;
    }
  }
}
