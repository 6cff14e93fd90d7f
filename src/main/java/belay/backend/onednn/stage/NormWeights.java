package belay.backend.onednn.stage;

import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Primitive;
import belay.backend.onednn.dnnl.Primitives;
import belay.net.Operation;
import belay.net.Parameter;
import java.util.Map;

/** Scale and shift of a batch normalization, with its running statistics. */
final class NormWeights implements Weights {
  private final Operation.BatchNorm norm;
  private final GradientLayout gradients;
  private final Primitive gradient; // null without training
  private final Vector scale;
  private final Vector shift;
  private final Vector mean;
  private final Vector variance;

  /** One value a channel, from the weights. */
  private record Vector(int offset, float[] values, Buffer buffer) {
    static Vector of(Primitives make, int offset, int size) {
      // Blocked layouts read a whole last block of channels.
      Buffer buffer = make.allocate(Buffer.aligned((long) Float.BYTES * size));
      return new Vector(offset, new float[size], buffer);
    }

    float load(float[] weights) {
      System.arraycopy(weights, offset, values, 0, values.length);
      buffer.write(values, values.length);
      return Weights.zeroOf(values);
    }
  }

  NormWeights(
      Primitives make, GradientLayout gradients, Operation.BatchNorm norm, Primitive gradient) {
    this.norm = norm;
    this.gradients = gradients;
    this.gradient = gradient;
    int channels = norm.mean().size();
    this.scale = Vector.of(make, norm.scale().offset(), channels);
    this.shift = Vector.of(make, norm.shift().offset(), channels);
    this.mean = Vector.of(make, norm.mean().offset(), channels);
    this.variance = Vector.of(make, norm.variance().offset(), channels);
    if (gradient != null) { // places are given before the first buffer of gradients is made
      gradientOffsets();
    }
  }

  Buffer scale() {
    return scale.buffer();
  }

  Buffer shift() {
    return shift.buffer();
  }

  float scaleOf(int channel) {
    return scale.values()[channel];
  }

  float shiftOf(int channel) {
    return shift.values()[channel];
  }

  /**
   * @param gradients of all parameters
   */
  void writeGradient(Buffer gradients, float[] ofScale, float[] ofShift) {
    place(norm.scale(), Dnnl.DIFF_SCALE).in(gradients).write(ofScale, ofScale.length);
    place(norm.shift(), Dnnl.DIFF_SHIFT).in(gradients).write(ofShift, ofShift.length);
  }

  /** Running. */
  Buffer mean() {
    return mean.buffer();
  }

  /** Running. */
  Buffer variance() {
    return variance.buffer();
  }

  /** Where the gradients of scale and shift lie. */
  Map<Integer, Long> gradientOffsets() {
    return Map.of(
        Dnnl.DIFF_SCALE, place(norm.scale(), Dnnl.DIFF_SCALE).offset(),
        Dnnl.DIFF_SHIFT, place(norm.shift(), Dnnl.DIFF_SHIFT).offset());
  }

  private GradientLayout.Place place(Parameter parameter, int argument) {
    return gradients.place(parameter, gradient.descriptor(argument));
  }

  @Override
  public boolean load(float[] weights) {
    return Float.isFinite(
        scale.load(weights) + shift.load(weights) + mean.load(weights) + variance.load(weights));
  }

  @Override
  public void storeGradient(Buffer sum, float[] vector) {
    int channels = norm.mean().size();
    Buffer ofScale = place(norm.scale(), Dnnl.DIFF_SCALE).in(sum);
    ofScale.read(0, vector, norm.scale().offset(), channels);
    Buffer ofShift = place(norm.shift(), Dnnl.DIFF_SHIFT).in(sum);
    ofShift.read(0, vector, norm.shift().offset(), channels);
  }
}
