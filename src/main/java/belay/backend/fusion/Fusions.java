package belay.backend.fusion;

import belay.net.Operation;

/**
 * What a backend can do in a convolution's pass over the data, besides a ReLU of its output, which
 * every backend can, and in a normalisation's.
 */
public interface Fusions {
  /** Whether it upsamples the convolution's input. */
  boolean upsamples(Operation.Upsample upsample, Operation.Conv conv);

  /**
   * Whether it pools what the ReLU leaves.
   *
   * @param upsampled whether the pass upsamples its input too
   */
  boolean pools(Operation.MaxPool pool, boolean upsampled);

  /** Whether a batch normalisation's last pass adds another value. */
  boolean normalizesAndAdds();

  /** Whether it ends in a ReLU. */
  boolean normalizesAndRectifies();
}
