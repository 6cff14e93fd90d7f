package belay.backend.reference;

import belay.net.Operation;
import belay.net.Parameter;
import belay.net.Shape;
import java.util.Arrays;
import java.util.Optional;

/**
 * Convolution of one image, stride 1, zero border. Images are [H, W, C], kernels [Kh, Kw, Cin,
 * Cout]; the innermost loops run over channels, the dimension that lies contiguous.
 */
final class Convolution {
  private final Shape in;
  private final int outputs;
  private final int kernel;
  private final Parameter weights;
  private final Optional<Parameter> bias;

  Convolution(Shape in, Operation.Conv conv) {
    this.in = in;
    this.outputs = conv.filters();
    this.kernel = conv.kernel();
    this.weights = conv.weights();
    this.bias = conv.bias();
  }

  /** Called for each pair of an output pixel and an input pixel under one kernel tap. */
  private interface Tap {
    /**
     * @param x index of the input pixel's first channel
     * @param y index of the output pixel's first channel
     * @param w index of the tap's first weight in the parameter vector
     */
    void visit(int x, int y, int w);
  }

  /** y[h, w, o] = b[o] + sum x[h + i - r, w + j - r, c] w[i, j, c, o]. */
  void forward(float[] parameters, float[] x, float[] y) {
    startWithBias(parameters, y);
    forEachTap(
        (px, py, pw) -> {
          for (int c = 0; c < in.channels(); c++) {
            float value = x[px + c];
            int row = pw + c * outputs;
            for (int o = 0; o < outputs; o++) {
              y[py + o] += value * parameters[row + o];
            }
          }
        });
  }

  private void startWithBias(float[] parameters, float[] y) {
    if (bias.isEmpty()) {
      Arrays.fill(y, 0);
      return;
    }
    int offset = bias.get().offset();
    for (int p = 0; p < y.length; p += outputs) {
      System.arraycopy(parameters, offset, y, p, outputs);
    }
  }

  /** dw[i, j, c, o] += sum x[h + i - r, w + j - r, c] dy[h, w, o]; db[o] += sum dy[h, w, o]. */
  void gradientOfParameters(float[] x, float[] dy, float[] gradient) {
    forEachTap(
        (px, py, pw) -> {
          for (int c = 0; c < in.channels(); c++) {
            float value = x[px + c];
            int row = pw + c * outputs;
            for (int o = 0; o < outputs; o++) {
              gradient[row + o] += value * dy[py + o];
            }
          }
        });
    bias.ifPresent(b -> addToBias(b.offset(), dy, gradient));
  }

  private void addToBias(int offset, float[] dy, float[] gradient) {
    for (int p = 0; p < dy.length; p += outputs) {
      for (int o = 0; o < outputs; o++) {
        gradient[offset + o] += dy[p + o];
      }
    }
  }

  /** dx[h + i - r, w + j - r, c] += sum dy[h, w, o] w[i, j, c, o]. */
  void gradientOfInput(float[] parameters, float[] dy, float[] dx) {
    float[] transposed = transposed(parameters); // [Kh, Kw, Cout, Cin]
    int channels = in.channels();
    forEachTap(
        (px, py, pw) -> {
          for (int o = 0; o < outputs; o++) {
            float value = dy[py + o];
            int row = pw - weights.offset() + o * channels;
            for (int c = 0; c < channels; c++) {
              dx[px + c] += value * transposed[row + c];
            }
          }
        });
  }

  /** HotSpot vectorises a loop that adds to many sums, not one that adds to a single sum. */
  private float[] transposed(float[] parameters) {
    int channels = in.channels();
    float[] transposed = new float[weights.size()];
    for (int tap = 0; tap < kernel * kernel; tap++) {
      int base = tap * channels * outputs;
      for (int c = 0; c < channels; c++) {
        for (int o = 0; o < outputs; o++) {
          transposed[base + o * channels + c] =
              parameters[weights.offset() + base + c * outputs + o];
        }
      }
    }
    return transposed;
  }

  private void forEachTap(Tap tap) {
    int radius = kernel / 2;
    for (int h = 0; h < in.height(); h++) {
      for (int w = 0; w < in.width(); w++) {
        int py = (h * in.width() + w) * outputs;
        for (int i = Math.max(0, radius - h); i < Math.min(kernel, in.height() + radius - h); i++) {
          for (int j = Math.max(0, radius - w);
              j < Math.min(kernel, in.width() + radius - w);
              j++) {
            int px = ((h + i - radius) * in.width() + w + j - radius) * in.channels();
            tap.visit(px, py, weights.offset() + (i * kernel + j) * in.channels() * outputs);
          }
        }
      }
    }
  }
}
