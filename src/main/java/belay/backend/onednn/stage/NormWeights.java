package belay.backend.onednn.stage;

import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Primitive;
import belay.backend.onednn.dnnl.Primitives;
import belay.net.Operation;
import belay.net.Parameter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Shift and perhaps scale of a batch normalization, with its running statistics. */
final class NormWeights implements Weights {
  private final Operation.BatchNorm norm;
  private final GradientLayout gradients;
  private final Primitive gradient; // null without training
  private final Optional<Vector> scale;
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
    this.scale = norm.scale().map(scale -> Vector.of(make, scale.offset(), channels));
    this.shift = Vector.of(make, norm.shift().offset(), channels);
    this.mean = Vector.of(make, norm.mean().offset(), channels);
    this.variance = Vector.of(make, norm.variance().offset(), channels);
    if (gradient != null) { // places are given before the first buffer of gradients is made
      gradientOffsets();
    }
  }

  /** A primitive's arguments with the scale, where there is one. */
  Map<Integer, Buffer> withScale(Map<Integer, Buffer> arguments) {
    Map<Integer, Buffer> all = new HashMap<>(arguments);
    scale.ifPresent(vector -> all.put(Dnnl.SCALE, vector.buffer()));
    return all;
  }

  Buffer shift() {
    return shift.buffer();
  }

  float scaleOf(int channel) {
    return scale.map(vector -> vector.values()[channel]).orElse(1f);
  }

  float shiftOf(int channel) {
    return shift.values()[channel];
  }

  /**
   * @param gradients of all parameters
   */
  void writeGradient(Buffer gradients, float[] ofScale, float[] ofShift) {
    norm.scale()
        .map(scale -> place(scale, Dnnl.DIFF_SCALE).in(gradients))
        .ifPresent(place -> place.write(ofScale, ofScale.length));
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
    Map<Integer, Long> offsets = new HashMap<>();
    norm.scale().ifPresent(s -> offsets.put(Dnnl.DIFF_SCALE, place(s, Dnnl.DIFF_SCALE).offset()));
    offsets.put(Dnnl.DIFF_SHIFT, place(norm.shift(), Dnnl.DIFF_SHIFT).offset());
    return offsets;
  }

  private GradientLayout.Place place(Parameter parameter, int argument) {
    return gradients.place(parameter, gradient.descriptor(argument));
  }

  @Override
  public boolean load(float[] weights) {
    float scales = scale.map(vector -> vector.load(weights)).orElse(0f);
    return Float.isFinite(
        scales + shift.load(weights) + mean.load(weights) + variance.load(weights));
  }

  @Override
  public void storeGradient(Buffer sum, float[] vector) {
    int channels = norm.mean().size();
    norm.scale()
        .ifPresent(s -> place(s, Dnnl.DIFF_SCALE).in(sum).read(0, vector, s.offset(), channels));
    Buffer ofShift = place(norm.shift(), Dnnl.DIFF_SHIFT).in(sum);
    ofShift.read(0, vector, norm.shift().offset(), channels);
  }
}
