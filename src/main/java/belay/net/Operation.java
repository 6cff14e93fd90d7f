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
      implements Operation {
    /** Side of the kernel. */
    public int kernel() {
      return window.kernel();
    }

    /** Channels of y. */
    public int filters() {
      return weights.shape().get(3);
    }

    @Override
    public List<Integer> inputs() {
      return List.of(input);
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
  record Relu(String name, int input, int output) implements Operation {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.relu(this);
    }
  }

  /** y = the maximum of each window; its gradient goes to the first maximum in row-major order. */
  record MaxPool(String name, int input, int output, Window window) implements Operation {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.maxPool(this);
    }
  }

  /** y[h, w, c] = x[h / factor, w / factor, c]. */
  record Upsample(String name, int input, int output, int factor) implements Operation {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }

    @Override
    public <R> R accept(Cases<R> cases) {
      return cases.upsample(this);
    }
  }
}
