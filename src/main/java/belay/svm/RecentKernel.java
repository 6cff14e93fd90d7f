package belay.svm;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** A kernel matrix too large for memory: keeps the rows that were used last. */
final class RecentKernel implements KernelSource {
  private final SampleKernel kernel;
  private final Range a;
  private final Range b;
  private final float[] diagonal;
  private final int capacity;
  private final Map<Integer, float[]> recent = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param bytes what rows may occupy; two are kept in any case
   * @param diagonal kernel(i, i) of the pair's samples
   */
  RecentKernel(SampleKernel kernel, Range a, Range b, long bytes, float[] diagonal) {
    this.kernel = kernel;
    this.a = a;
    this.b = b;
    this.diagonal = diagonal;
    capacity = (int) Math.max(2, Math.min(size(), bytes / ((long) size() * Float.BYTES)));
  }

  @Override
  public int size() {
    return a.count() + b.count();
  }

  @Override
  public float[] row(int index) {
    float[] row = recent.get(index);
    if (row == null) {
      row = recent.size() < capacity ? new float[size()] : evict();
      int sample = index < a.count() ? a.first() + index : b.first() + index - a.count();
      kernel.row(sample, a, row, 0);
      kernel.row(sample, b, row, a.count());
      recent.put(index, row);
    }
    return row;
  }

  @Override
  public float[] diagonal() {
    return diagonal;
  }

  private float[] evict() {
    Iterator<float[]> oldest = recent.values().iterator();
    float[] row = oldest.next();
    oldest.remove();
    return row;
  }
}
