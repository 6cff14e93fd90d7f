package belay.svm.host;

import belay.backend.DecisionFunctions;
import belay.backend.DecisionPlan;
import belay.backend.DecisionSpec;
import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.KernelRows;
import belay.backend.Kernels;
import belay.backend.PairProblem;
import belay.backend.PairSolution;
import belay.backend.Precision;
import belay.backend.SampleFlaw;
import belay.backend.Standardization;
import belay.backend.SvmLayout;
import belay.backend.SvmPlan;
import belay.backend.SvmProgress;
import belay.error.DeviceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Support vector machines on the CPU: samples in the Java heap, kernel values from any backend's
 * {@link KernelRows}, solved by threads of this class.
 */
public final class HostSvmPlan extends HostSamples implements SvmPlan {
  private static final int SHARE = 32;

  private final Kernels kernels;
  private final int threads;
  private final Workers workers;
  private final StopCheck stopped;
  private final ClassOrder order;
  private final KernelBudget budget;
  private KernelFunction function;
  private MemoryPlan memory;
  private KernelStore store; // null before kernel()

  /**
   * @param layout its memory is what kernel values may occupy in the Java heap
   * @param threads problems solved at a time at most
   * @throws DeviceException if the Java heap is too small, or for another precision than fp32
   */
  public HostSvmPlan(SvmLayout layout, Kernels kernels, int threads, StopCheck stopped) {
    super(samples(layout), layout.columns()); // sorted by class
    this.kernels = kernels;
    this.threads = threads;
    this.workers = new Workers(threads, "svm");
    this.stopped = stopped;
    order = ClassOrder.sorted(layout.classSizes());
    budget = new KernelBudget(order, layout.columns(), layout.memoryBytes(), threads);
    budget.plan(); // too little memory shows before the samples are read
  }

  private static int samples(SvmLayout layout) {
    requireFp32(layout.precision());
    return layout.samples();
  }

  public static void requireFp32(Precision precision) {
    if (precision != Precision.FP32) {
      throw new DeviceException(
          "The CPU computes kernels in fp32: set svm.precision=fp32, or choose --backend cuda");
    }
  }

  @Override
  public Optional<SampleFlaw> flaw() {
    return scaling().flaw();
  }

  @Override
  public Standardization standardize() {
    Standardization found = scaling().fit();
    scaling().apply(found);
    return found;
  }

  @Override
  public double variance() {
    return scaling().variance();
  }

  private Scaling scaling() {
    return new Scaling(samples, samples.rows(), workers, stopped);
  }

  @Override
  public void kernel(KernelFunction chosen) {
    if (store != null && chosen.equals(function)) {
      return; // cross-validation may end with the kernel that it chooses
    }
    close();
    function = chosen;
    memory = budget.plan();
    stopped.check();
    KernelRows rows = kernels.kernelRows(samples, samples, chosen);
    try {
      store = new KernelStore(rows, memory, order, values(rows, chosen));
    } catch (RuntimeException | Error e) {
      rows.close();
      throw e;
    }
  }

  private SampleKernel values(KernelRows rows, KernelFunction chosen) {
    return new SampleKernel(
        rows,
        SampleKernel.side(samples.columns()),
        SampleKernel.width(samples.columns(), threads),
        chosen instanceof KernelFunction.Rbf,
        stopped);
  }

  @Override
  public List<PairSolution> solve(
      List<PairProblem> problems, double tolerance, SvmProgress progress) {
    Workers solvers = new Workers(memory.threads(), "svm");
    return new PairSolver(order, memory, store, solvers, problems, tolerance, progress).solve();
  }

  @Override
  public List<double[]> decisions(
      int[] places, List<DecisionFunctions> functions, SvmProgress progress) {
    List<Decisions> deciders = functions.stream().map(Decisions::new).toList();
    List<double[]> outs = new ArrayList<>();
    deciders.forEach(decider -> outs.add(new double[places.length * decider.problems()]));
    if (store.all() != null) {
      decideFromStore(places, deciders, outs);
    } else {
      decideAnew(places, deciders, outs, progress);
    }
    return outs;
  }

  private void decideFromStore(int[] places, List<Decisions> deciders, List<double[]> outs) {
    Range all = new Range(0, samples.rows());
    workers.forEach(
        (places.length + SHARE - 1) / SHARE,
        share -> {
          stopped.check();
          for (int i = share * SHARE; i < Math.min(places.length, (share + 1) * SHARE); i++) {
            for (int f = 0; f < deciders.size(); f++) {
              Decisions decider = deciders.get(f);
              decider.add(store.all()[places[i]], 0, all, outs.get(f), i * decider.problems());
            }
          }
        });
    for (int f = 0; f < deciders.size(); f++) {
      deciders.get(f).subtractRho(outs.get(f), places.length);
    }
  }

  private void decideAnew(
      int[] places, List<Decisions> deciders, List<double[]> outs, SvmProgress progress) {
    FloatMatrix some = allocate(places.length, samples.columns());
    rows(places, some.values());
    try (KernelRows rows = kernels.kernelRows(some, samples, function)) {
      new DecisionTiles(rows, threads, samples.columns(), stopped)
          .add(places.length, deciders, outs, progress);
    }
  }

  @Override
  public void rows(int[] places, float[] out) {
    int width = samples.columns();
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(samples.values(), places[i] * width, out, i * width, width);
    }
  }

  /** Shares the samples if all of them are support vectors. */
  @Override
  public DecisionPlan compileDecisions(int[] support, DecisionSpec spec) {
    close(); // its memory is wanted
    FloatMatrix vectors = samples;
    if (support.length < samples.rows()) {
      vectors = allocate(support.length, samples.columns());
      rows(support, vectors.values());
    }
    return new HostDecisionPlan(kernels, vectors, spec, threads, stopped);
  }

  /** Frees the kernel values; the samples stay. */
  @Override
  public void close() {
    if (store != null) {
      store.close();
      store = null;
    }
  }
}
