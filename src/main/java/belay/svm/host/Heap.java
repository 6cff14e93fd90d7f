package belay.svm.host;

/**
 * What the Java heap can give.
 *
 * @param limit bytes that it may grow to, -Xmx
 * @param free bytes that large arrays may still take, without a margin for all else
 */
public record Heap(long limit, long free) {
  private static final long SMALLEST_MARGIN = 8 << 20;

  /** Collects garbage first if otherwise less than so many bytes seem free. */
  public static Heap wanting(long bytes) {
    Heap heap = now();
    if (heap.free < bytes) {
      System.gc(); // garbage counts as used until somebody collects it
      heap = now();
    }
    return heap;
  }

  private static Heap now() {
    Runtime runtime = Runtime.getRuntime();
    return of(runtime.maxMemory(), runtime.totalMemory() - runtime.freeMemory());
  }

  /**
   * @param used bytes that are not free
   */
  static Heap of(long limit, long used) {
    return new Heap(limit, Math.max(0, limit - used - margin(limit)));
  }

  /** The limit at which a heap with the same use would have so many bytes free. */
  long limitFor(long bytes) {
    long missing = Math.max(0, bytes - free);
    return limit + missing + missing / 8 + SMALLEST_MARGIN;
  }

  /** Small objects, and what the collector loses at the ends of its regions. */
  private static long margin(long limit) {
    return SMALLEST_MARGIN + limit / 16;
  }
}
