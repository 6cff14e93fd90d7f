package belay.backend.onednn.stage;

import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Port;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Tape;
import belay.net.Operation;
import belay.net.Shape;

/**
 * Batch normalization in training over few pixels, in double: the gradient is what is left when
 * nearly equal numbers are subtracted. Of two pixels it is 1 - xhat^2 of dy, with xhat near 1.
 */
final class ExactNorm {
  private final Primitives make;
  private final Operation.BatchNorm norm;
  private final Shape image;
  private final Descriptor layout;
  private final NormWeights weights;

  ExactNorm(
      Primitives make,
      Operation.BatchNorm norm,
      Shape image,
      Descriptor layout,
      NormWeights weights) {
    this.make = make;
    this.norm = norm;
    this.image = image;
    this.layout = layout;
    this.weights = weights;
  }

  /** Appends both passes; returns the means, then the variances of the last forward pass. */
  float[][] bind(Tape tape, Stage.Site site) {
    Values values = new Values(site);
    tape.training("batch normalization", values::forward);
    if (site.dy() != null) {
      Port dy = Port.outOf(make, image, layout, site.dy());
      Port dx = Port.into(make, image, layout, site.dx() == null ? site.dy() : site.dx());
      tape.backward("batch normalization", () -> values.backward(tape, dy, dx));
    }
    return new float[][] {values.mean, values.variance};
  }

  /** The numbers of one lane; values of a channel are {@code channels} apart. */
  private final class Values {
    private final int channels = image.channels();
    private final float[] mean = new float[channels];
    private final float[] variance = new float[channels];
    private final double[] centre = new double[channels];
    private final double[] inverse = new double[channels]; // 1 / sqrt(variance + epsilon)
    private final float[] scaleGradient = new float[channels];
    private final float[] shiftGradient = new float[channels];
    private final Port in;
    private final Port out;

    Values(Stage.Site site) {
      in = Port.outOf(make, image, layout, site.x());
      out = Port.into(make, image, layout, site.y());
    }

    void forward() {
      float[] x = in.receive();
      for (int c = 0; c < channels; c++) {
        observe(x, c);
        double scale = weights.scaleOf(c) * inverse[c];
        for (int i = c; i < x.length; i += channels) {
          out.values()[i] = (float) (scale * (x[i] - centre[c]) + weights.shiftOf(c));
        }
      }
      out.send();
    }

    private void observe(float[] x, int c) {
      double sum = 0;
      for (int i = c; i < x.length; i += channels) {
        sum += x[i];
      }
      int pixels = x.length / channels;
      centre[c] = sum / pixels;
      double squares = 0;
      for (int i = c; i < x.length; i += channels) {
        squares += (x[i] - centre[c]) * (x[i] - centre[c]);
      }
      mean[c] = (float) centre[c];
      variance[c] = (float) (squares / pixels);
      inverse[c] = 1 / Math.sqrt(squares / pixels + norm.epsilon());
    }

    void backward(Tape tape, Port dyPort, Port dxPort) {
      float[] x = in.values();
      float[] dy = dyPort.receive();
      int pixels = x.length / channels;
      for (int c = 0; c < channels; c++) {
        double sum = 0;
        double product = 0;
        for (int i = c; i < x.length; i += channels) {
          sum += dy[i];
          product += dy[i] * (x[i] - centre[c]) * inverse[c];
        }
        double scale = weights.scaleOf(c) * inverse[c];
        for (int i = c; i < x.length; i += channels) {
          double normalized = (x[i] - centre[c]) * inverse[c];
          dxPort.values()[i] = (float) (scale * (dy[i] - (sum + normalized * product) / pixels));
        }
        scaleGradient[c] = (float) product;
        shiftGradient[c] = (float) sum;
      }
      dxPort.send();
      weights.writeGradient(tape.gradient(), scaleGradient, shiftGradient);
    }
  }
}
