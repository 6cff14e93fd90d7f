package belay.svm;

import belay.error.StoppedException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Solves the problems of all pairs of classes, several at a time. Each is solved by one thread from
 * values that depend on nothing else, so that neither threads nor memory change a bit.
 */
final class PairSolver {
  private static final System.Logger LOG = System.getLogger("belay.svm");

  private final SvmSpec spec;
  private final ClassOrder order;
  private final SampleKernel kernel;
  private final Heartbeat heartbeat;
  private final MemoryPlan plan;
  private final int[][] pairs;
  private final float[] diagonal; // kernel(i, i) of the sorted samples [n]
  private final float[][][] squares; // each class's kernel with itself, null if not kept

  PairSolver(SvmSpec spec, ClassOrder order, SampleKernel kernel, Heartbeat heartbeat) {
    this.spec = spec;
    this.order = order;
    this.kernel = kernel;
    this.heartbeat = heartbeat;
    plan = MemoryPlan.of(order, spec.memoryBytes(), spec.threads());
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
    ExecutorService workers = Executors.newFixedThreadPool(plan.threads(), PairSolver::thread);
    try {
      List<Future<Solution>> futures = new ArrayList<>();
      for (int p = 0; p < pairs.length; p++) {
        int index = p;
        futures.add(workers.submit(() -> solve(index)));
      }
      return futures.stream().map(PairSolver::await).toArray(Solution[]::new);
    } finally {
      end(workers);
    }
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
    Solution solution = solver.solve(heartbeat, name(index));
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
        : new RecentKernel(kernel, rangeA, rangeB, spec.memoryBytes(), own);
  }

  private float[] diagonal(Range a, Range b) {
    float[] own = new float[a.count() + b.count()];
    System.arraycopy(diagonal, a.first(), own, 0, a.count());
    System.arraycopy(diagonal, b.first(), own, a.count(), b.count());
    return own;
  }

  /** Returns when no worker uses the kernel any more: its owner is about to close it. */
  private static void end(ExecutorService workers) {
    workers.shutdownNow();
    boolean interrupted = false;
    while (!workers.isTerminated()) {
      try {
        workers.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "svm");
    thread.setDaemon(true);
    return thread;
  }

  private static Solution await(Future<Solution> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoppedException("Interrupted in the SVM; the same command starts it again.");
    }
  }
}
