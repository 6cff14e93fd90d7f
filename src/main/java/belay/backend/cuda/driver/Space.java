package belay.backend.cuda.driver;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jcuda.driver.CUdeviceptr;

/** Parts of one allocation, given out and taken back; the first gap that is large enough serves. */
public final class Space {
  private static final long ALIGNMENT = 256;

  private final CUdeviceptr base;
  private final long address;
  private final long size;
  private final TreeMap<Long, Long> gaps = new TreeMap<>(); // first byte -> bytes

  /**
   * A part.
   *
   * @param offset of its first byte
   */
  public record Part(CUdeviceptr pointer, long address, long offset, long bytes) {}

  public Space(Arena.Slice memory) {
    base = memory.pointer();
    address = memory.address();
    size = memory.bytes();
    gaps.put(0L, size);
  }

  public static long rounded(long bytes) {
    return (Math.max(1, bytes) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  public long size() {
    return size;
  }

  /** Empty if no gap is large enough. */
  public Optional<Part> take(long wanted) {
    long bytes = rounded(wanted);
    for (Map.Entry<Long, Long> gap : gaps.entrySet()) {
      if (gap.getValue() >= bytes) {
        long offset = gap.getKey();
        long left = gap.getValue() - bytes;
        gaps.remove(offset);
        if (left > 0) {
          gaps.put(offset + bytes, left);
        }
        return Optional.of(new Part(base.withByteOffset(offset), address + offset, offset, bytes));
      }
    }
    return Optional.empty();
  }

  public void giveBack(Part part) {
    long first = part.offset();
    long bytes = part.bytes();
    Map.Entry<Long, Long> before = gaps.lowerEntry(first);
    if (before != null && before.getKey() + before.getValue() == first) {
      first = before.getKey();
      bytes += before.getValue();
    }
    Long after = gaps.remove(part.offset() + part.bytes());
    gaps.put(first, bytes + (after == null ? 0 : after));
  }
}
