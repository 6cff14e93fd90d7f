package belay.svm.host;

import belay.backend.EncodePlan;
import belay.backend.FloatMatrix;
import belay.backend.SampleSink;
import belay.error.DeviceException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Samples in the Java heap, of a plan that computes there. */
abstract sealed class HostSamples implements SampleSink permits HostSvmPlan, HostDecisionPlan {
  private static final long MIB = 1 << 20;

  final FloatMatrix samples; // [rows, columns]

  /**
   * @throws DeviceException if the Java heap is too small, with what it would need
   */
  HostSamples(int rows, int columns) {
    samples = allocate(rows, columns);
  }

  /**
   * @throws DeviceException if the Java heap is too small, with what it would need
   */
  static FloatMatrix allocate(int rows, int columns) {
    long values = (long) rows * columns;
    if (values > Integer.MAX_VALUE - 8) {
      throw new DeviceException(
          "%,d samples of %,d features do not fit into one array of the CPU; classify fewer, or on a GPU"
              .formatted(rows, columns));
    }
    try {
      return new FloatMatrix(rows, columns);
    } catch (OutOfMemoryError e) {
      throw tooSmall(values * Float.BYTES / MIB + 1, e);
    }
  }

  private static DeviceException tooSmall(long mib, OutOfMemoryError cause) {
    long limit = Runtime.getRuntime().maxMemory() / MIB;
    return new DeviceException(
        "The samples need %,d MiB of the Java heap, which has %,d MiB in all; start it with java -Xmx%dm or more."
            .formatted(mib, limit, limit + 2 * mib),
        cause);
  }

  @Override
  public final void put(ByteBuffer rows, int count, int[] places) {
    FloatBuffer values = rows.slice().order(rows.order()).asFloatBuffer();
    int width = samples.columns();
    for (int i = 0; i < count; i++) {
      values.get(i * width, samples.values(), places[i] * width, width);
    }
  }

  @Override
  public final void put(float[] rows, int first, int count, int[] places) {
    int width = samples.columns();
    for (int i = 0; i < count; i++) {
      System.arraycopy(rows, (first + i) * width, samples.values(), places[i] * width, width);
    }
  }

  @Override
  public final void put(EncodePlan encoder, int count, int[] places) {
    throw new UnsupportedOperationException(
        "A CPU's encoder leaves its features in the host's buffer");
  }
}
