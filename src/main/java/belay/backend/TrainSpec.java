package belay.backend;

/**
 * How a plan trains.
 *
 * @param batch images in a minibatch at most
 * @param rule what becomes of the weights
 * @param clipping applied to the gradient before the update
 */
public record TrainSpec(int batch, UpdateRule rule, Clipping clipping, Precision precision) {
  /**
   * Limits of the gradient g, values first.
   *
   * @param value each component is clamped to +-value; 0 for no limit
   * @param norm g is scaled by min(1, norm / |g|_2); 0 for no limit
   */
  public record Clipping(float value, float norm) {
    public static final Clipping NONE = new Clipping(0, 0);
  }
}
