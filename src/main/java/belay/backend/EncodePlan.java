package belay.backend;

/** The part of a network up to its latent mark, compiled with fixed weights. */
public interface EncodePlan extends AutoCloseable {
  /**
   * Computes latent features of consecutive images.
   *
   * @param first first image
   * @param count images, at most the batch the plan was compiled for
   * @param features receives row-major [count, H W C of the latent shape], unitless activations
   * @throws belay.error.StoppedException if asked to stop meanwhile; the features are then
   *     undefined
   */
  void encode(int first, int count, float[] features);

  @Override
  void close();
}
