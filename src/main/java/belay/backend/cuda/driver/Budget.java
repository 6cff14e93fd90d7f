package belay.backend.cuda.driver;

import belay.error.DeviceException;

/**
 * What a support vector machine may occupy on a device.
 *
 * @param limit bytes, or 0 for what is free
 * @param taken bytes of the limit that others occupy
 * @param what for people
 */
public record Budget(Gpu gpu, long limit, long taken, String what) {
  /** Left to the driver and to kernels' own memory. */
  private static final long MARGIN = 256 << 20;

  private static final long MIB = 1 << 20;

  /** What may be allocated now, if this is the first allocation of it. */
  public long bytes() {
    long free = Math.max(0, gpu.device().freeBytes() - MARGIN);
    return limit == 0 ? free : Math.max(0, Math.min(limit - taken, free));
  }

  /**
   * @throws DeviceException if it is more than there is, with the least that works
   */
  public void require(long least) {
    if (limit > 0 && least > limit - taken) {
      throw new DeviceException(
          "Cannot hold %s: need svm.memory-mib = %d or more, now %d."
              .formatted(what, (least + taken + MIB - 1) / MIB, limit / MIB));
    }
    if (least > bytes()) {
      throw new DeviceException(
          "Cannot hold %s: need at least %s, %s free on GPU %d. Free the GPU of other processes, take one with more memory, or choose --backend cpu."
              .formatted(
                  what,
                  Arena.readable(least),
                  Arena.readable(gpu.device().freeBytes()),
                  gpu.device().ordinal()));
    }
  }

  public void allocate(Arena arena) {
    arena.allocate(gpu.device(), what, "Free the GPU of other processes, or choose --backend cpu.");
  }
}
