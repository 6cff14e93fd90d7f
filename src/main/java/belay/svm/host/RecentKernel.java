package belay.svm.host;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A kernel matrix too large for memory: keeps what was used last. Rows come in groups of
 * neighbours, since a backend computes many for little more than one, and most samples of a hard
 * problem become support vectors.
 */
final class RecentKernel implements KernelSource {
  private static final int LARGEST_GROUP = 256;

  /** Groups are made smaller rather than fewer than this. */
  private static final int FEWEST_GROUPS = 8;

  private final SampleKernel kernel;
  private final Range a;
  private final Range b;
  private final float[] diagonal;
  private final int height; // rows of a group
  private final long capacity; // groups
  private final Map<Integer, float[][]> recent = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param bytes what rows may occupy; two are kept in any case
   * @param diagonal kernel(i, i) of the pair's samples
   */
  RecentKernel(SampleKernel kernel, Range a, Range b, long bytes, float[] diagonal) {
    this.kernel = kernel;
    this.a = a;
    this.b = b;
    this.diagonal = diagonal;
    long rows = bytes / ((long) size() * Float.BYTES);
    height = (int) Math.max(1, Math.min(LARGEST_GROUP, rows / FEWEST_GROUPS));
    capacity = Math.max(2, rows / height);
  }

  /** What rows of so many samples occupy at least, with the tile they are computed in. */
  static long leastBytes(int size) {
    return 3L * size * Float.BYTES;
  }

  @Override
  public int size() {
    return a.count() + b.count();
  }

  @Override
  public float[] row(int index) {
    int number = index / height;
    float[][] group = recent.get(number);
    if (group == null) {
      group = recent.size() < capacity ? new float[height][size()] : evict();
      compute(number * height, group);
      recent.put(number, group);
    }
    return group[index % height];
  }

  @Override
  public float[] diagonal() {
    return diagonal;
  }

  private float[][] evict() {
    Iterator<float[][]> oldest = recent.values().iterator();
    float[][] group = oldest.next();
    oldest.remove();
    return group;
  }

  /** Rows from {@code first} on, as many as the group and the problem have. */
  private void compute(int first, float[][] group) {
    int end = Math.min(first + height, size());
    int border = Math.max(first, Math.min(end, a.count()));
    int shiftB = b.first() - a.count();
    Range inA = new Range(a.first() + first, border - first);
    Range inB = new Range(shiftB + border, end - border);
    copy(inA, -a.first() - first, group);
    copy(inB, -shiftB - first, group);
  }

  /** All values of some samples; the shift leads from a sample to its row in the group. */
  private void copy(Range samples, int shift, float[][] group) {
    copy(samples, shift, a, 0, group);
    copy(samples, shift, b, a.count(), group);
  }

  private void copy(Range samples, int shift, Range others, int column, float[][] group) {
    kernel.rectangle(
        samples,
        others,
        (left, right, tile) -> {
          for (int i = 0; i < left.count(); i++) {
            float[] row = group[left.first() + shift + i];
            int target = column + right.first() - others.first();
            System.arraycopy(tile, i * right.count(), row, target, right.count());
          }
        });
  }
}
