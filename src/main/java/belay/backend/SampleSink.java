package belay.backend;

import java.nio.ByteBuffer;

/** A matrix of samples where a device computes, which rows are brought into. */
public interface SampleSink {
  /**
   * Copies rows to their places. Returns as soon as the buffer may change again; the copy to the
   * device may still go on.
   *
   * @param rows direct, little endian, row-major [count, columns] from index 0 on, unscaled
   * @param places of the rows in the matrix; at least count
   */
  void put(ByteBuffer rows, int count, int[] places);

  /**
   * Copies the features of the images that the encoder was begun for last, on the device; queued
   * behind the encoding, it does not wait.
   *
   * @param encoder of the same backend, whose latent size is this matrix's columns
   * @param count images
   * @param places of the images' features in the matrix; at least count
   */
  void put(EncodePlan encoder, int count, int[] places);
}
