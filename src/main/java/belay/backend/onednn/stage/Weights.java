package belay.backend.onednn.stage;

import belay.backend.onednn.dnnl.Buffer;

/** The parameters of one stage in the layouts that its primitives want. */
public interface Weights {
  /**
   * Takes them from the network's weights.
   *
   * @return whether all of them are finite
   */
  boolean load(float[] weights);

  /**
   * Writes its part of the gradient of the parameter vector.
   *
   * @param sum gradients summed over all shards, as {@link GradientLayout} has them
   */
  void storeGradient(Buffer sum, float[] gradient);

  /** 0, or NaN if a value is infinite or not a number; four sums, so that they overlap in time. */
  static float zeroOf(float[] values) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i + 3 < values.length; i += 4) {
      a += 0 * values[i];
      b += 0 * values[i + 1];
      c += 0 * values[i + 2];
      d += 0 * values[i + 3];
    }
    for (; i < values.length; i++) {
      a += 0 * values[i];
    }
    return a + b + c + d;
  }
}
