package belay.svm.host;

import belay.error.DeviceException;
import java.lang.System.Logger.Level;

/**
 * What kernel values may occupy: what was asked for, or less if the heap has less. When the kernels
 * are gone, the support vectors must fit into the same room: in the worst case all samples but one.
 */
final class KernelBudget {
  private static final System.Logger LOG = System.getLogger("belay.svm");
  private static final long MIB = 1 << 20;

  /** Of a sample in the problems that are being solved, in all arrays of a solver. */
  private static final long SOLVER_BYTES = 64;

  private final ClassOrder order;
  private final long memoryBytes; // 0 for what is free
  private final int threads;
  private final long tile;
  private final long beside; // solutions and solvers
  private final long support;

  /**
   * @param features of a sample
   * @param memoryBytes what kernel values may occupy; 0 for what is free
   * @param threads problems solved at a time at most
   */
  KernelBudget(ClassOrder order, int features, long memoryBytes, int threads) {
    this.order = order;
    this.memoryBytes = memoryBytes;
    this.threads = threads;
    long samples = order.rows().length;
    tile = SampleKernel.tileBytes(features, threads, (int) samples);
    // Coefficients exist three times when the solutions become a model.
    beside =
        3 * (order.count() - 1) * samples * Double.BYTES
            + threads * SOLVER_BYTES * order.largestPair();
    support = samples * features * Float.BYTES;
  }

  /** For the heap of this process. */
  MemoryPlan plan() {
    return plan(Heap.wanting(beside + Math.max(support, wanted())));
  }

  /**
   * @param heap with the samples already in it
   * @throws DeviceException if not even the least fits
   */
  MemoryPlan plan(Heap heap) {
    long least = beside + Math.max(support, RecentKernel.leastBytes(order.largestPair()));
    if (heap.free() < least) {
      throw new DeviceException(
          "The SVM of %,d samples needs %,d MiB more of the Java heap, %,d of %,d MiB are free; start it with java -Xmx%dm or more."
              .formatted(
                  order.rows().length,
                  mib(least),
                  heap.free() / MIB,
                  heap.limit() / MIB,
                  mib(heap.limitFor(least))));
    }
    long bytes = Math.min(wanted(), heap.free() - beside);
    MemoryPlan plan = MemoryPlan.of(order, bytes, threads, tile);
    if (bytes < wanted() && plan.keep() == MemoryPlan.Keep.ROWS) {
      LOG.log(
          Level.INFO,
          () ->
              "stage=svm kernel-mib=%d wanted-mib=%d heap-mib=%d: a larger java -Xmx makes it faster"
                  .formatted(bytes / MIB, mib(wanted()), heap.limit() / MIB));
    }
    return plan;
  }

  private long wanted() {
    long all = MemoryPlan.all(order, tile);
    return memoryBytes == 0 ? all : Math.min(memoryBytes, all);
  }

  private static long mib(long bytes) {
    return (bytes + MIB - 1) / MIB;
  }
}
