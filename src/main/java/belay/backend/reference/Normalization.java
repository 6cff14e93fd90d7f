package belay.backend.reference;

import belay.net.Operation;
import belay.net.Parameter;
import belay.net.Shape;
import belay.net.Statistic;
import java.util.List;

/** Batch normalisation; sums over pixels and all arithmetic of a channel are in double. */
final class Normalization implements Loops {
  private final Operation.BatchNorm norm;
  private final Shape shape;
  private final int parameters; // trained values, before the statistics in the weights
  private final double[] mean; // of the last pass
  private final double[] variance;

  Normalization(Operation.BatchNorm norm, Shape shape, int parameters) {
    this.norm = norm;
    this.shape = shape;
    this.parameters = parameters;
    this.mean = new double[shape.channels()];
    this.variance = new double[shape.channels()];
  }

  /** One channel of the images of a pass. */
  private record Channel(int c, int channels, int end) {
    interface Value {
      double at(int i);
    }

    double sum(Value value) {
      double sum = 0;
      for (int i = c; i < end; i += channels) {
        sum += value.at(i);
      }
      return sum;
    }

    int pixels() {
      return end / channels;
    }
  }

  private Channel channel(int c, Pass pass) {
    return new Channel(c, shape.channels(), pass.images() * shape.size());
  }

  @Override
  public void forward(Pass pass) {
    float[] x = pass.value(norm.input());
    for (int c = 0; c < shape.channels(); c++) {
      if (pass.training().isPresent()) {
        observe(x, channel(c, pass));
      } else {
        mean[c] = pass.weights()[norm.mean().offset() + c];
        variance[c] = pass.weights()[norm.variance().offset() + c];
      }
      normalize(pass, x, channel(c, pass));
    }
  }

  private void observe(float[] x, Channel channel) {
    double m = channel.sum(i -> x[i]) / channel.pixels();
    double squares = channel.sum(i -> (x[i] - m) * (x[i] - m));
    mean[channel.c()] = m;
    variance[channel.c()] = squares / channel.pixels();
  }

  private void normalize(Pass pass, float[] x, Channel channel) {
    float[] y = pass.value(norm.output());
    double scale = scale(channel, pass) * inverseDeviation(channel);
    double shift = at(norm.shift(), channel, pass);
    double m = mean[channel.c()];
    for (int i = channel.c(); i < channel.end(); i += channel.channels()) {
      y[i] = (float) (scale * (x[i] - m) + shift);
    }
  }

  private float scale(Channel channel, Pass pass) {
    return norm.scale().map(scale -> at(scale, channel, pass)).orElse(1f);
  }

  private static float at(Parameter parameter, Channel channel, Pass pass) {
    return pass.weights()[parameter.offset() + channel.c()];
  }

  private double inverseDeviation(Channel channel) {
    return 1 / Math.sqrt(variance[channel.c()] + norm.epsilon());
  }

  @Override
  public void backward(Pass pass, float[] gradient) {
    for (int c = 0; c < shape.channels(); c++) {
      backward(pass, gradient, channel(c, pass));
    }
  }

  /**
   * With z = (x - m) / d: dshift = sum dy, dscale = sum dy z, dx = scale / d (dy - dshift / n - z
   * dscale / n), where n are the channel's pixels (Ioffe, Szegedy 2015, section 3).
   */
  private void backward(Pass pass, float[] gradient, Channel channel) {
    float[] x = pass.value(norm.input());
    float[] dy = pass.gradient(norm.output());
    double m = mean[channel.c()];
    double inverse = inverseDeviation(channel);
    double shift = channel.sum(i -> dy[i]);
    double scale = channel.sum(i -> dy[i] * (x[i] - m) * inverse);
    gradient[norm.shift().offset() + channel.c()] += (float) shift;
    norm.scale().ifPresent(s -> gradient[s.offset() + channel.c()] += (float) scale);
    if (pass.wantsGradient(norm.input())) {
      float[] dx = pass.gradient(norm.input());
      double factor = scale(channel, pass) * inverse;
      for (int i = channel.c(); i < channel.end(); i += channel.channels()) {
        double z = (x[i] - m) * inverse;
        dx[i] += (float) (factor * (dy[i] - (shift + z * scale) / channel.pixels()));
      }
    }
  }

  /** Its images times its mean and unbiased variance. */
  @Override
  public void observe(Pass pass, double[] sums) {
    for (int c = 0; c < shape.channels(); c++) {
      int pixels = channel(c, pass).pixels();
      double unbiased = pixels == 1 ? variance[c] : variance[c] * pixels / (pixels - 1);
      sums[norm.mean().offset() - parameters + c] = pass.images() * mean[c];
      sums[norm.variance().offset() - parameters + c] = pass.images() * unbiased;
    }
  }

  @Override
  public void follow(double[] sums, int images, float[] weights) {
    for (Statistic statistic : List.of(norm.mean(), norm.variance())) {
      for (int i = statistic.offset(); i < statistic.end(); i++) {
        double observed = sums[i - parameters] / images;
        weights[i] = (float) ((1.0 - norm.momentum()) * weights[i] + norm.momentum() * observed);
      }
    }
  }
}
