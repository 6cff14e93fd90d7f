package belay.backend.reference;

import belay.net.Parameter;
import belay.net.Shape;
import belay.net.Window;
import java.util.Arrays;
import java.util.Optional;

/**
 * Convolution with a zero border. Images are [H, W, C], kernels [Kh, Kw, Cin, Cout]; the innermost
 * loops run over channels, the dimension that lies contiguous.
 *
 * @param in shape of the images read
 * @param out shape of the images written
 */
record Convolution(
    int input,
    int output,
    Shape in,
    Shape out,
    Window window,
    Parameter weights,
    Optional<Parameter> bias)
    implements Loops {
  @Override
  public void forward(Pass pass) {
    float[] y = pass.value(output);
    startWithBias(pass, y);
    forEachTap(pass, taps(pass.weights(), pass.value(input), y));
  }

  @Override
  public void backward(Pass pass, float[] gradient) {
    float[] dy = pass.gradient(output);
    forEachTap(pass, tapsOfWeights(pass.value(input), dy, gradient));
    bias.ifPresent(b -> addToBias(b.offset(), pass.images(), dy, gradient));
    if (pass.wantsGradient(input)) {
      forEachTap(pass, tapsOfInput(transposed(pass.weights()), dy, pass.gradient(input)));
    }
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

  private void startWithBias(Pass pass, float[] y) {
    int end = pass.images() * out.size();
    if (bias.isEmpty()) {
      Arrays.fill(y, 0, end, 0);
      return;
    }
    for (int p = 0; p < end; p += out.channels()) {
      System.arraycopy(pass.weights(), bias.get().offset(), y, p, out.channels());
    }
  }

  /** y[h, w, o] += x[h s + i - p, w s + j - p, c] w[i, j, c, o]. */
  private Tap taps(float[] parameters, float[] x, float[] y) {
    int channels = in.channels();
    int outputs = out.channels();
    return (px, py, pw) -> {
      for (int c = 0; c < channels; c++) {
        float value = x[px + c];
        int row = pw + c * outputs;
        for (int o = 0; o < outputs; o++) {
          y[py + o] += value * parameters[row + o];
        }
      }
    };
  }

  /** dw[i, j, c, o] += x[h s + i - p, w s + j - p, c] dy[h, w, o]. */
  private Tap tapsOfWeights(float[] x, float[] dy, float[] gradient) {
    int channels = in.channels();
    int outputs = out.channels();
    return (px, py, pw) -> {
      for (int c = 0; c < channels; c++) {
        float value = x[px + c];
        int row = pw + c * outputs;
        for (int o = 0; o < outputs; o++) {
          gradient[row + o] += value * dy[py + o];
        }
      }
    };
  }

  /** dx[h s + i - p, w s + j - p, c] += dy[h, w, o] w[i, j, c, o]. */
  private Tap tapsOfInput(float[] transposed, float[] dy, float[] dx) {
    int channels = in.channels();
    int outputs = out.channels();
    return (px, py, pw) -> {
      for (int o = 0; o < outputs; o++) {
        float value = dy[py + o];
        int row = pw - weights.offset() + o * channels;
        for (int c = 0; c < channels; c++) {
          dx[px + c] += value * transposed[row + c];
        }
      }
    };
  }

  private void addToBias(int offset, int images, float[] dy, float[] gradient) {
    for (int p = 0; p < images * out.size(); p += out.channels()) {
      for (int o = 0; o < out.channels(); o++) {
        gradient[offset + o] += dy[p + o];
      }
    }
  }

  /**
   * The weights as [Kh, Kw, Cout, Cin]: HotSpot vectorises a loop that adds to many sums, not one
   * that adds to a single sum.
   */
  private float[] transposed(float[] parameters) {
    int channels = in.channels();
    int outputs = out.channels();
    float[] transposed = new float[weights.size()];
    for (int base = 0; base < transposed.length; base += channels * outputs) {
      for (int c = 0; c < channels; c++) {
        for (int o = 0; o < outputs; o++) {
          transposed[base + o * channels + c] =
              parameters[weights.offset() + base + c * outputs + o];
        }
      }
    }
    return transposed;
  }

  private void forEachTap(Pass pass, Tap tap) {
    for (int image = 0; image < pass.images(); image++) {
      pass.stop().check(); // a large image takes a good part of a second
      for (int h = 0; h < out.height(); h++) {
        for (int w = 0; w < out.width(); w++) {
          forEachTapOf(image, h, w, tap);
        }
      }
    }
  }

  private void forEachTapOf(int image, int h, int w, Tap tap) {
    int top = h * window.stride() - window.padding();
    int left = w * window.stride() - window.padding();
    int py = image * out.size() + (h * out.width() + w) * out.channels();
    int lastRow = Math.min(window.kernel(), in.height() - top);
    int lastColumn = Math.min(window.kernel(), in.width() - left);
    for (int i = Math.max(0, -top); i < lastRow; i++) {
      for (int j = Math.max(0, -left); j < lastColumn; j++) {
        int px = image * in.size() + ((top + i) * in.width() + left + j) * in.channels();
        int place = (i * window.kernel() + j) * in.channels() * out.channels();
        tap.visit(px, py, weights.offset() + place);
      }
    }
  }
}
