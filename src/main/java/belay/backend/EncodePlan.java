package belay.backend;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The part of a network that leads to a marked value, compiled with fixed weights. */
public interface EncodePlan extends AutoCloseable {
  /**
   * Computes the value, below called features, of consecutive images.
   *
   * @param first first image
   * @param count images, at most the batch the plan was compiled for
   * @param features receives row-major [count, H W C of the value's shape], unitless activations
   * @throws belay.error.StoppedException if asked to stop meanwhile; the features are then
   *     undefined
   */
  void encode(int first, int count, float[] features);

  /**
   * Memory of the host for {@link #begin}, which the device copies to as fast as it can; freed when
   * the plan is closed.
   *
   * @return little endian, direct
   */
  default ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Begins to compute what {@link #encode} computes. A device may work on two calls at a time;
   * others are done when this returns.
   *
   * @param features from {@link #allocate}, receives the features from its beginning on
   */
  default Encoding begin(int first, int count, ByteBuffer features) {
    float[] values = new float[features.capacity() / Float.BYTES];
    encode(first, count, values);
    features.asFloatBuffer().put(values);
    return () -> {};
  }

  /** Features on their way. */
  interface Encoding {
    /** Waits until they are there. */
    void await();
  }

  @Override
  void close();
}
