package belay.net;

/**
 * One step of a {@link Program}: reads the value numbered {@code input}, defines the value numbered
 * {@code output}. The reference backend is the definition of what each computes.
 */
public sealed interface Operation {
  int input();

  int output();

  /**
   * y[h, w, o] = bias[o] + sum over i, j, c of x[h + i - kernel / 2, w + j - kernel / 2, c]
   * weights[i, j, c, o], with x = 0 outside the image.
   */
  record Conv(int input, int output, int kernel, Parameter weights, Parameter bias)
      implements Operation {}

  /** y = max(0, x); the derivative at 0 is 0. */
  record Relu(int input, int output) implements Operation {}

  /** y = the maximum of each window; its gradient goes to the first maximum in row-major order. */
  record MaxPool(int input, int output, int size) implements Operation {}

  /** y[h, w, c] = x[h / factor, w / factor, c]. */
  record Upsample(int input, int output, int factor) implements Operation {}
}
