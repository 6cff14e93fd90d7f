package belay.svm;

import java.lang.System.Logger.Level;
import java.util.Arrays;

/**
 * Solves the problems of all pairs of classes, several at a time. Each is solved by one thread from
 * values that depend on nothing else, so that neither threads nor memory change a bit.
 */
final class PairSolver {
  private static final System.Logger LOG = System.getLogger("belay.svm");

  private final SvmSpec spec;
  private final ClassOrder order;
  private final SampleKernel kernel;
  private final Cancellation cancellation;
  private final MemoryPlan plan;
  private final int[][] pairs;
  private final float[] diagonal; // kernel(i, i) of the sorted samples [n]
  private final float[][][] squares; // each class's kernel with itself, null if not kept

  /**
   * @param plan how to use the memory
   */
  PairSolver(
      SvmSpec spec,
      MemoryPlan plan,
      ClassOrder order,
      SampleKernel kernel,
      Cancellation cancellation) {
    this.spec = spec;
    this.order = order;
    this.kernel = kernel;
    this.cancellation = cancellation;
    this.plan = plan;
    pairs = ClassOrder.pairs(order.count());
    diagonal = kernel.diagonal(order.rows().length);
    squares = new float[order.count()][][];
  }

  /** One solution a pair, in the order of {@link ClassOrder#pairs}. */
  Solution[] solve() {
    if (plan.shared()) {
      for (int c = 0; c < squares.length; c++) {
        squares[c] = StoredKernel.square(kernel, order.range(c));
      }
    }
    Solution[] solutions = new Solution[pairs.length];
    new Workers(plan.threads(), "svm")
        .forEach(pairs.length, index -> solutions[index] = solve(index));
    return solutions;
  }

  private Solution solve(int index) {
    int a = pairs[index][0];
    int b = pairs[index][1];
    Range rangeA = order.range(a);
    Range rangeB = order.range(b);
    byte[] labels = new byte[rangeA.count() + rangeB.count()];
    Arrays.fill(labels, (byte) -1);
    Arrays.fill(labels, 0, rangeA.count(), (byte) 1);
    KernelSource source = source(a, b, diagonal(rangeA, rangeB));
    SmoSolver solver = new SmoSolver(source, labels, spec.c(), spec.tolerance());
    Solution solution = solver.solve(cancellation, name(index));
    if (!solution.converged()) {
      LOG.log(
          Level.WARNING,
          () ->
              "stage=svm %s iterations=%d: not optimal; lower svm.c, or scale the features"
                  .formatted(name(index), solution.iterations()));
    }
    return solution;
  }

  private String name(int index) {
    return "problem=%d/%d classes=%d,%d"
        .formatted(
            index + 1,
            pairs.length,
            order.classes()[pairs[index][0]],
            order.classes()[pairs[index][1]]);
  }

  private KernelSource source(int a, int b, float[] own) {
    Range rangeA = order.range(a);
    Range rangeB = order.range(b);
    return plan.whole()
        ? StoredKernel.of(kernel, rangeA, rangeB, squares[a], squares[b], own)
        : new RecentKernel(kernel, rangeA, rangeB, plan.bytes(), own);
  }

  private float[] diagonal(Range a, Range b) {
    float[] own = new float[a.count() + b.count()];
    System.arraycopy(diagonal, a.first(), own, 0, a.count());
    System.arraycopy(diagonal, b.first(), own, a.count(), b.count());
    return own;
  }
}
