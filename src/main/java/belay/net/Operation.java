package belay.net;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One step of a {@link Program}: reads the values numbered {@code inputs}, defines the value
 * numbered {@code output}. The reference backend is the definition of what each computes.
 */
public sealed interface Operation {
  /** What its line in the network's file is called; unique in its network. */
  String name();

  List<Integer> inputs();

  int output();

  /** What it reads of the parameter vector. */
  default List<Parameter> parameters() {
    return List.of();
  }

  /** What it knows of images without being trained. */
  default List<Statistic> statistics() {
    return List.of();
  }

  <R> R accept(Cases<R> cases);

  /**
   * An answer for each kind of operation: whoever computes, counts, draws or writes operations
   * fails to compile until it knows a new one.
   */
  interface Cases<R> {
    R conv(Conv conv);

    R relu(Relu relu);

    R maxPool(MaxPool pool);

    R upsample(Upsample upsample);

    R add(Add add);

    R linear(Linear linear);

    R activation(Activation activation);

    R batchNorm(BatchNorm norm);

    R averagePool(AveragePool pool);

    R globalAveragePool(GlobalAveragePool pool);

    R dropout(Dropout dropout);

    R normalize(Normalize normalize);
  }

  /** One that reads one value. */
  sealed interface OfOne extends Operation {
    int input();

    @Override
    default List<Integer> inputs() {
      return List.of(input());
    }
  }

  /**
   * y[h, w, o] = bias[o] + sum over i, j, c of x[h stride + i - padding, w stride + j - padding, c]
   * weights[i, j, c, o], with x = 0 outside the image.
   */
  record Conv(
      String name,
      int input,
      int output,
      Window window,
      Parameter weights,
      Optional<Parameter> bias)
      implements OfOne {
    /** Side of the kernel. */
    public int kernel() {
      return window.kernel();
    }

    /** Channels of y. */
    public int filters() {
      return weights.shape().get(3);
    }

    @Override
    public List<Parameter> parameters() {
      return Stream.concat(Stream.of(weights), bias.stream()).toList();
    }

    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.conv(this);
    }
  }

  /** y = max(0, x); the derivative at 0 is 0. */
  record Relu(String name, int input, int output) implements OfOne {
    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.relu(this);
    }
  }

  /**
   * y = the maximum of each window, of which at least one pixel lies in the image; what lies
   * outside takes no part. Its gradient goes to the first maximum in row-major order.
   */
  record MaxPool(String name, int input, int output, Window window) implements OfOne {
    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.maxPool(this);
    }
  }

  /** y[h, w, c] = x[h / factor, w / factor, c]. */
  record Upsample(String name, int input, int output, int factor) implements OfOne {
    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.upsample(this);
    }
  }

  /** y = left + right, two values of one shape; they may be the same. */
  record Add(String name, int left, int right, int output) implements Operation {
    @Override
    public List<Integer> inputs() {
      return List.of(left, right);
    }

    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.add(this);
    }
  }

  /**
   * y[o] = bias[o] + sum over i of x[i] weights[i, o], where i runs over an image's values in the
   * order [H, W, C]; y is 1x1xO.
   */
  record Linear(String name, int input, int output, Parameter weights, Optional<Parameter> bias)
      implements OfOne {
    /** Values of y. */
    public int outputs() {
      return weights.shape().get(1);
    }

    /** The same as a convolution of an image of one pixel, whose channels are the values of x. */
    public Conv asConv() {
      List<Integer> shape = List.of(1, 1, weights.shape().get(0), weights.shape().get(1));
      Parameter kernel =
          new Parameter(
              weights.name(),
              shape,
              weights.offset(),
              weights.role(),
              weights.fans(),
              weights.start());
      return new Conv(name, input, output, new Window(1, 1, 0), kernel, bias);
    }

    @Override
    public List<Parameter> parameters() {
      return Stream.concat(Stream.of(weights), bias.stream()).toList();
    }

    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.linear(this);
    }
  }

  /** y = curve(x), value by value. */
  record Activation(String name, int input, int output, Curve curve) implements OfOne {
    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.activation(this);
    }
  }

  /**
   * y = scale[c] (x - m[c]) / sqrt(v[c] + epsilon) + shift[c] (Ioffe, Szegedy 2015,
   * arXiv:1502.03167, algorithm 1). In training m and v are mean and population variance over all
   * pixels of the images of one shard, so that the gradient runs through them; elsewhere they are
   * the statistics. After each training step
   *
   * <pre>mean = (1 - momentum) mean + momentum M; variance = (1 - momentum) variance + momentum V
   * </pre>
   *
   * where M and V are the means over the minibatch's images of their shard's m and of its v n / (n
   * - 1), the unbiased variance of n pixels; a shard of one pixel gives its v.
   *
   * @param scale [C]; empty where it is 1 and not trained
   * @param shift [C]
   * @param mean [C]
   * @param variance [C]
   */
  record BatchNorm(
      String name,
      int input,
      int output,
      Optional<Parameter> scale,
      Parameter shift,
      Statistic mean,
      Statistic variance,
      float epsilon,
      float momentum)
      implements OfOne {
    static final float USUAL_EPSILON = 1e-5f;
    static final float USUAL_MOMENTUM = 0.1f;

    @Override
    public List<Parameter> parameters() {
      return Stream.concat(scale.stream(), Stream.of(shift)).toList();
    }

    @Override
    public List<Statistic> statistics() {
      return List.of(mean, variance);
    }

    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.batchNorm(this);
    }
  }

  /**
   * y = the sum of each window over its kernel^2 pixels; what lies outside the image counts as 0.
   */
  record AveragePool(String name, int input, int output, Window window) implements OfOne {
    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.averagePool(this);
    }
  }

  /** y[c] = the mean of x[h, w, c] over all pixels; y is 1x1xC. */
  record GlobalAveragePool(String name, int input, int output) implements OfOne {
    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.globalAveragePool(this);
    }
  }

  /**
   * In training y = 0 with the given probability, else x / (1 - rate); elsewhere y = x (Srivastava
   * et al. 2014). Value i, in the order [H, W, C], of the image at place n of the minibatch is kept
   * if {@link DropoutMask} says so.
   *
   * @param rate probability of 0, in [0, 1)
   */
  record Dropout(String name, int input, int output, float rate) implements OfOne {
    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.dropout(this);
    }
  }

  /**
   * y[h, w, c] = (x[h, w, c] - mean[c]) / deviation[c] of the images x, so that each channel has
   * mean 0 and deviation 1 over those that train. Measured before the first step, they stay.
   *
   * @param mean [C]
   * @param deviation [C], above 0
   */
  record Normalize(String name, int input, int output, Statistic mean, Statistic deviation)
      implements OfOne {
    @Override
    public List<Statistic> statistics() {
      return List.of(mean, deviation);
    }

    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.normalize(this);
    }
  }
}
