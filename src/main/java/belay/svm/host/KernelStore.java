package belay.svm.host;

import belay.backend.KernelRows;
import belay.svm.host.MemoryPlan.Keep;

/** Kernel values of one function between all samples, kept for problems, folds and values of C. */
final class KernelStore implements AutoCloseable {
  private final KernelRows rows;
  private final MemoryPlan plan;
  private final ClassOrder order;
  private final SampleKernel kernel;
  private final float[] diagonal; // kernel(i, i) of the sorted samples [n]
  private final float[][] all; // [n, n], null if not kept
  private final float[][][] squares; // each class's kernel with itself, null if not kept

  /**
   * Computes what is kept for all problems.
   *
   * @param rows owned from now on
   */
  KernelStore(KernelRows rows, MemoryPlan plan, ClassOrder order, SampleKernel kernel) {
    this.rows = rows;
    this.plan = plan;
    this.order = order;
    this.kernel = kernel;
    int samples = order.rows().length;
    diagonal = kernel.diagonal(samples);
    all = plan.keep() == Keep.ALL ? StoredKernel.all(kernel, samples) : null;
    squares = new float[order.count()][][];
    if (plan.keep() == Keep.SQUARES) {
      for (int c = 0; c < squares.length; c++) {
        squares[c] = StoredKernel.square(kernel, order.range(c));
      }
    }
  }

  /** The kernel of all samples [n, n], or null if there is no memory for it. */
  float[][] all() {
    return all;
  }

  /** The matrix of a pair of classes, for one thread. */
  KernelSource source(int first, int second) {
    Range a = order.range(first);
    Range b = order.range(second);
    float[] own = diagonal(a, b);
    return switch (plan.keep()) {
      case ALL -> new GatheredKernel(all, a, b, own);
      case SQUARES, PAIRS -> StoredKernel.of(kernel, a, b, squares[first], squares[second], own);
      case ROWS -> new RecentKernel(kernel, a, b, plan.bytes(), own);
    };
  }

  private float[] diagonal(Range a, Range b) {
    float[] own = new float[a.count() + b.count()];
    System.arraycopy(diagonal, a.first(), own, 0, a.count());
    System.arraycopy(diagonal, b.first(), own, a.count(), b.count());
    return own;
  }

  @Override
  public void close() {
    rows.close();
  }
}
