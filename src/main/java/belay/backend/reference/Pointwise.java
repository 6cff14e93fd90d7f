package belay.backend.reference;

import belay.net.Shape;

/** ReLU, max-pooling, upsampling and the loss on one image [H, W, C]. */
final class Pointwise {
  private Pointwise() {}

  static void relu(float[] x, float[] y) {
    for (int i = 0; i < x.length; i++) {
      // A NaN must pass, or a diverged run would look healthy.
      y[i] = x[i] <= 0 ? 0 : x[i];
    }
  }

  static void reluGradient(float[] x, float[] dy, float[] dx) {
    for (int i = 0; i < x.length; i++) {
      dx[i] += x[i] > 0 ? dy[i] : 0;
    }
  }

  static void maxPool(Shape in, int size, float[] x, float[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] = x[maximum(in, size, x, i)];
    }
  }

  static void maxPoolGradient(Shape in, int size, float[] x, float[] dy, float[] dx) {
    for (int i = 0; i < dy.length; i++) {
      dx[maximum(in, size, x, i)] += dy[i];
    }
  }

  static void upsample(Shape out, int factor, float[] x, float[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] = x[source(out, factor, i)];
    }
  }

  static void upsampleGradient(Shape out, int factor, float[] dy, float[] dx) {
    for (int i = 0; i < dy.length; i++) {
      dx[source(out, factor, i)] += dy[i];
    }
  }

  /** Mean over values of (y - x)^2. */
  static double meanSquaredError(float[] x, float[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      double difference = (double) y[i] - x[i];
      sum += difference * difference;
    }
    return sum / x.length;
  }

  /** dy = 2 (y - x) / (values images), the gradient of the minibatch's mean. */
  static void meanSquaredErrorGradient(float[] x, float[] y, int images, float[] dy) {
    float scale = 2f / ((float) x.length * images);
    for (int i = 0; i < x.length; i++) {
      dy[i] = scale * (y[i] - x[i]);
    }
  }

  /** Index in x of the first maximum of the window that feeds y[i]. */
  private static int maximum(Shape in, int size, float[] x, int i) {
    int channels = in.channels();
    int width = in.width() / size;
    int c = i % channels;
    int top = i / channels / width * size;
    int left = i / channels % width * size;
    int best = (top * in.width() + left) * channels + c;
    for (int h = top; h < top + size; h++) {
      for (int w = left; w < left + size; w++) {
        int candidate = (h * in.width() + w) * channels + c;
        if (x[candidate] > x[best] || Float.isNaN(x[candidate])) {
          best = candidate;
        }
      }
    }
    return best;
  }

  /** Index in the small image of the value that upsampling copies to out[i]. */
  private static int source(Shape out, int factor, int i) {
    int c = i % out.channels();
    int h = i / out.channels() / out.width() / factor;
    int w = i / out.channels() % out.width() / factor;
    return (h * (out.width() / factor) + w) * out.channels() + c;
  }
}
