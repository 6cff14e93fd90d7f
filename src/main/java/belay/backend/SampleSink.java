package belay.backend;

import java.nio.ByteBuffer;

/** A matrix of samples where a device computes, which unscaled rows are brought into. */
public interface SampleSink {
  /**
   * Copies rows to their places. Returns as soon as the rows may change again; the copy to the
   * device may still go on.
   *
   * @param rows row-major [at least first + count, columns]
   * @param first row of the array to begin with
   * @param places of rows first, first + 1 .. in the matrix; at least count
   */
  void put(float[] rows, int first, int count, int[] places);

  /**
   * The same from a buffer's position on.
   *
   * @param rows direct, little endian, row-major [count, columns]; its position stays
   */
  void put(ByteBuffer rows, int count, int[] places);

  /**
   * Copies features that an encoder has begun to compute, on the device and behind that
   * computation, without waiting for it.
   *
   * @param encoder of the same backend, whose latent size is this matrix's columns; it may be
   *     closed before this matrix is
   * @param count images of the encoder's last call
   * @param places of these images' features in the matrix; at least count
   */
  void put(EncodePlan encoder, int count, int[] places);
}
