package belay.backend;

import belay.net.Curve;
import belay.net.DropoutMask;
import belay.net.Operation;
import belay.net.Parameter;
import belay.net.Program;
import belay.net.Shape;
import belay.net.Statistic;
import belay.net.Window;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

/**
 * A forward pass in double, written from the definitions in {@link Operation} without a thought of
 * speed: what the reference backend is compared with, and what finite differences are taken of.
 */
public final class DoubleForward implements Operation.Cases<double[]> {
  /** A channel that hardly varies is blown up with its roundings: nearly a kink. */
  private static final double STEEPNESS = 2e-4;

  private final Program program;
  private final double[] weights;
  private final int images;
  private final Optional<Moment> training;
  private final double[][] values; // [value][n H W C]
  private final double[] followed;
  private double margin = Double.POSITIVE_INFINITY;

  /** Where a shard is in the training: seed of dropouts, steps before, its first image's place. */
  public record Moment(long seed, long step, int place) {}

  /**
   * @param x images [n H W C]
   * @param training empty for evaluation and encoding
   */
  DoubleForward(Program program, double[] weights, double[] x, Optional<Moment> training) {
    this.program = program;
    this.weights = weights;
    this.images = x.length / program.shape(0).size();
    this.training = training;
    this.values = new double[program.shapes().size()][];
    this.followed = new double[weights.length];
    values[0] = x;
    for (Operation operation : program.operations()) {
      values[operation.output()] = operation.accept(this);
    }
  }

  int images() {
    return images;
  }

  /** [n H W C]. */
  public double[] value(int number) {
    return values[number];
  }

  /** The weights' statistics after this shard, were it a minibatch; 0 where parameters are. */
  double[] followed() {
    return followed;
  }

  /** How far the nearest unit is from where its derivative jumps, or nearly does. */
  double margin() {
    return margin;
  }

  /**
   * Sum over images of their losses.
   *
   * @param labels of these images
   */
  double lossSum(double smoothing, int[] labels) {
    return program.classifies() ? crossEntropySum(smoothing, labels) : errorSum();
  }

  private double crossEntropySum(double smoothing, int[] labels) {
    int classes = program.shape(program.output()).size();
    double[] z = values[program.output()];
    double sum = 0;
    for (int n = 0; n < images; n++) {
      double[] of =
          DoubleStream.of(z)
              .skip((long) n * classes)
              .limit(classes)
              .map(score -> program.logitScale() * score)
              .toArray();
      double total = Arrays.stream(of).map(Math::exp).sum();
      for (int k = 0; k < classes; k++) {
        double target = smoothing / classes + (k == labels[n] ? 1 - smoothing : 0);
        sum -= target * Math.log(Math.exp(of[k]) / total);
      }
    }
    return sum;
  }

  private double errorSum() {
    double[] y = values[program.output()];
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += Math.pow(y[i] - values[0][i], 2);
    }
    return sum / program.shape(0).size();
  }

  private void keepClear(double distance) {
    if (distance != 0) {
      margin = Math.min(margin, Math.abs(distance));
    }
  }

  private double[] output(Operation operation) {
    return new double[images * program.shape(operation.output()).size()];
  }

  @Override
  public double[] conv(Operation.Conv conv) {
    Shape in = program.shape(conv.input());
    return product(conv, in, conv.window(), conv.weights(), conv.bias());
  }

  @Override
  public double[] linear(Operation.Linear linear) {
    Shape in = new Shape(1, 1, program.shape(linear.input()).size());
    return product(linear, in, new Window(1, 1, 0), linear.weights(), linear.bias());
  }

  private double[] product(
      Operation operation, Shape in, Window window, Parameter kernel, Optional<Parameter> bias) {
    Shape out = program.shape(operation.output());
    double[] x = values[operation.inputs().get(0)];
    double[] y = output(operation);
    for (int i = 0; i < y.length; i++) {
      int o = i % out.channels();
      y[i] = bias.isPresent() ? weights[bias.get().offset() + o] : 0;
    }
    WindowTaps.forEach(
        images,
        in,
        out,
        window,
        (px, py, tap) -> {
          for (int c = 0; c < in.channels(); c++) {
            int row = kernel.offset() + (tap * in.channels() + c) * out.channels();
            for (int o = 0; o < out.channels(); o++) {
              y[py + o] += x[px + c] * weights[row + o];
            }
          }
        });
    return y;
  }

  @Override
  public double[] relu(Operation.Relu relu) {
    return map(relu, new DoubleCurves(this::keepClear).leakyRelu(new Curve.LeakyRelu(0)));
  }

  @Override
  public double[] activation(Operation.Activation activation) {
    return map(activation, activation.curve().accept(new DoubleCurves(this::keepClear)));
  }

  private double[] map(Operation operation, DoubleUnaryOperator f) {
    return DoubleStream.of(values[operation.inputs().get(0)]).map(f).toArray();
  }

  @Override
  public double[] maxPool(Operation.MaxPool pool) {
    double[] x = values[pool.input()];
    double[] y = output(pool);
    Arrays.fill(y, Double.NEGATIVE_INFINITY);
    pixels(
        pool,
        pool.window(),
        (i, window) -> {
          keepClear(x[i] - y[window]);
          y[window] = Math.max(y[window], x[i]);
        });
    return y;
  }

  @Override
  public double[] averagePool(Operation.AveragePool pool) {
    double[] x = values[pool.input()];
    double[] y = output(pool);
    double area = Math.pow(pool.window().kernel(), 2);
    pixels(pool, pool.window(), (i, window) -> y[window] += x[i] / area);
    return y;
  }

  private interface Visit {
    void visit(int x, int y);
  }

  private void pixels(Operation pool, Window window, Visit visit) {
    Shape in = program.shape(pool.inputs().get(0));
    Shape out = program.shape(pool.output());
    WindowTaps.forEach(
        images,
        in,
        out,
        window,
        (px, py, tap) -> {
          for (int c = 0; c < in.channels(); c++) {
            visit.visit(px + c, py + c);
          }
        });
  }

  @Override
  public double[] globalAveragePool(Operation.GlobalAveragePool pool) {
    Shape in = program.shape(pool.input());
    double[] x = values[pool.input()];
    double[] y = output(pool);
    for (int i = 0; i < x.length; i++) {
      int c = i % in.channels();
      y[i / in.size() * in.channels() + c] += x[i] / (in.height() * in.width());
    }
    return y;
  }

  @Override
  public double[] upsample(Operation.Upsample upsample) {
    Shape in = program.shape(upsample.input());
    Shape out = program.shape(upsample.output());
    double[] x = values[upsample.input()];
    double[] y = output(upsample);
    for (int i = 0; i < y.length; i++) {
      int image = i / out.size();
      int h = i / out.channels() / out.width() % out.height() / upsample.factor();
      int w = i / out.channels() % out.width() / upsample.factor();
      y[i] = x[((image * in.height() + h) * in.width() + w) * in.channels() + i % in.channels()];
    }
    return y;
  }

  @Override
  public double[] add(Operation.Add add) {
    double[] y = output(add);
    for (int i = 0; i < y.length; i++) {
      y[i] = values[add.left()][i] + values[add.right()][i];
    }
    return y;
  }

  @Override
  public double[] dropout(Operation.Dropout dropout) {
    double[] x = values[dropout.input()];
    double[] y = x.clone();
    int size = program.shape(dropout.output()).size();
    training.ifPresent(
        moment -> {
          DropoutMask mask = new DropoutMask(moment.seed(), dropout);
          for (int i = 0; i < y.length; i++) {
            boolean kept = mask.keeps(moment.step(), moment.place() + i / size, i % size);
            y[i] = kept ? x[i] / (1 - dropout.rate()) : 0;
          }
        });
    return y;
  }

  @Override
  public double[] batchNorm(Operation.BatchNorm norm) {
    double[] y = output(norm);
    int channels = norm.shift().size();
    for (int c = 0; c < channels; c++) {
      double[] x = channel(values[norm.input()], c, channels);
      double mean = weights[norm.mean().offset() + c];
      double variance = weights[norm.variance().offset() + c];
      if (training.isPresent()) {
        double m = DoubleStream.of(x).sum() / x.length;
        mean = m;
        variance = DoubleStream.of(x).map(v -> (v - m) * (v - m)).sum() / x.length;
        keepClear(STEEPNESS * Math.sqrt(variance));
        follow(norm, norm.mean().offset() + c, mean);
        double unbiased = x.length == 1 ? variance : variance * x.length / (x.length - 1);
        follow(norm, norm.variance().offset() + c, unbiased);
      }
      for (int i = 0; i < x.length; i++) {
        double z = (x[i] - mean) / Math.sqrt(variance + norm.epsilon());
        int at = c;
        double scale = norm.scale().map(s -> weights[s.offset() + at]).orElse(1.0);
        y[i * channels + c] = scale * z + weights[norm.shift().offset() + c];
      }
    }
    return y;
  }

  @Override
  public double[] normalize(Operation.Normalize normalize) {
    for (Statistic kept : normalize.statistics()) {
      System.arraycopy(weights, kept.offset(), followed, kept.offset(), kept.size());
    }
    double[] y = values[normalize.input()].clone();
    for (int i = 0; i < y.length; i++) {
      int c = i % normalize.mean().size();
      y[i] -= weights[normalize.mean().offset() + c];
      y[i] /= weights[normalize.deviation().offset() + c];
    }
    return y;
  }

  private void follow(Operation.BatchNorm norm, int i, double observed) {
    followed[i] = (1 - norm.momentum()) * weights[i] + norm.momentum() * observed;
  }

  private static double[] channel(double[] x, int c, int channels) {
    double[] values = new double[x.length / channels];
    for (int i = 0; i < values.length; i++) {
      values[i] = x[i * channels + c];
    }
    return values;
  }
}
