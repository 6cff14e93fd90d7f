package belay.backend;

/** A matrix of samples where a device computes, which rows are brought into. */
public interface SampleSink {
  /**
   * Copies rows to their places. Returns as soon as the rows may change again; the copy to the
   * device may still go on.
   *
   * @param rows row-major [at least first + count, columns], unscaled
   * @param first row of the array to begin with
   * @param places of rows first, first + 1 .. in the matrix; at least count
   */
  void put(float[] rows, int first, int count, int[] places);

  /**
   * Encodes consecutive images into their places; the features stay on the device.
   *
   * @param encoder of the same backend, whose latent size is this matrix's columns
   * @param firstImage first image
   * @param count images, at most the batch the encoder was compiled for
   * @param places of the images' features in the matrix; at least count
   * @param features receives them too, row-major [count, columns]; null if nobody wants them
   */
  void put(EncodePlan encoder, int firstImage, int count, int[] places, float[] features);
}
