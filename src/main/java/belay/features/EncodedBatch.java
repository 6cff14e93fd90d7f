package belay.features;

import belay.backend.EncodePlan;

/** Is told of every batch while its features are still on the device. */
@FunctionalInterface
public interface EncodedBatch {
  /** For those who want the file alone. */
  EncodedBatch UNUSED = (part, plan, first, count) -> {};

  /** Which images of a data set. */
  enum Part {
    TRAIN,
    TEST
  }

  /**
   * @param plan that has begun this batch last
   * @param first first image
   * @param count images
   */
  void begun(Part part, EncodePlan plan, int first, int count);
}
