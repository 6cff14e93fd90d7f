package belay.backend.cuda.svm;

import belay.backend.DecisionFunctions;
import belay.backend.DecisionPlan;
import belay.backend.DecisionSpec;
import belay.backend.EncodePlan;
import belay.backend.KernelFunction;
import belay.backend.PairProblem;
import belay.backend.PairSolution;
import belay.backend.SampleFlaw;
import belay.backend.Standardization;
import belay.backend.SvmLayout;
import belay.backend.SvmPlan;
import belay.backend.SvmProgress;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Budget;
import belay.backend.cuda.driver.CudaError;
import belay.backend.cuda.driver.Gpu;
import belay.backend.cuda.driver.Space;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Support vector machines over samples on the device. Besides the samples there is one space for
 * kernel values and problems in flight, as large as they can use and memory allows.
 */
public final class CudaSvmPlan implements SvmPlan {
  private static final String WHAT = "the SVM's samples, its largest problem and support vectors";

  /** Samples that cross-validation decides on at a time. */
  private static final int MOST_ROWS = 1024;

  private static final int FEWEST_ROWS = 32;

  private final Gpu gpu;
  private final SvmLayout layout;
  private final SolvingMemory solving;
  private final ValueProducts kernels;
  private final Budget budget;
  private final Arena arena = new Arena();
  private final CUstream stream;
  private final CUstream urgent;
  private final CudaSamples samples;
  private KernelFunction function;
  private Arena spaceMemory = new Arena();
  private Space space;
  private ValueBlocks blocks;

  /**
   * @throws belay.error.DeviceException if memory does not hold the samples and the largest problem
   */
  public CudaSvmPlan(Gpu gpu, SvmLayout layout) {
    this.gpu = gpu;
    this.layout = layout;
    this.solving = new SolvingMemory(layout);
    kernels = ValueProducts.of(gpu, layout.precision());
    stream = gpu.stream();
    urgent = gpu.urgentStream();
    budget = new Budget(gpu, layout.memoryBytes(), 0, WHAT);
    samples = new CudaSamples(gpu, layout.samples(), layout.columns(), stream, arena);
    try {
      budget.require(arena.wanted() + (layout.classes() > 1 ? least() : 0));
      budget.allocate(arena);
      samples.open();
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** Besides the samples: of the largest problem, and under a limit also of {@link #deciding}. */
  private long least() {
    long problem = solving.leastOfAll();
    return layout.memoryBytes() == 0 ? problem : Math.max(problem, deciding());
  }

  /**
   * Of a classifier, which exists beside the samples, if every sample is a support vector: a limit
   * that is too small for it shows before the training.
   */
  private long deciding() {
    return CudaDecisionPlan.least(
        gpu, layout.samples(), layout.columns(), layout.classes(), stream);
  }

  @Override
  public void put(float[] rows, int first, int count, int[] places) {
    samples.put(rows, first, count, places);
  }

  @Override
  public void put(ByteBuffer rows, int count, int[] places) {
    samples.put(rows, count, places);
  }

  @Override
  public void put(EncodePlan encoder, int count, int[] places) {
    samples.put(encoder, count, places);
  }

  @Override
  public Optional<SampleFlaw> flaw() {
    gpu.device().makeCurrent();
    return samples.flaw(layout.samples());
  }

  @Override
  public Standardization standardize() {
    gpu.device().makeCurrent();
    Standardization scaling = samples.standardization();
    samples.standardize(scaling, layout.samples());
    return scaling;
  }

  @Override
  public double variance() {
    gpu.device().makeCurrent();
    return samples.variance();
  }

  @Override
  public void kernel(KernelFunction chosen) {
    gpu.device().makeCurrent();
    if (!chosen.equals(function)) {
      release();
      samples.prepare(kernels, layout.samples());
      CudaError.check(JCudaDriver.cuStreamSynchronize(stream), "compute");
      function = chosen;
    }
  }

  @Override
  public List<PairSolution> solve(
      List<PairProblem> problems, double tolerance, SvmProgress progress) {
    gpu.device().makeCurrent();
    if (problems.isEmpty()) {
      return List.of();
    }
    reserve(solving.least(problems), solving.wanted(problems));
    return new PairSolver(gpu, layout, blocks, samples, function, urgent, problems, tolerance)
        .solve(progress);
  }

  private void reserve(long least, long wanted) {
    if (space != null && space.size() >= wanted) {
      return;
    }
    long size = Math.min(wanted, room());
    if (space != null && space.size() >= size) {
      return;
    }
    release();
    budget.require(layout.memoryBytes() > 0 ? arena.size() + least : least);
    Arena.Slice memory = spaceMemory.reserve(size);
    budget.allocate(spaceMemory);
    space = new Space(memory);
    blocks =
        new ValueBlocks(
            gpu, layout, samples, kernels, ValueProducts.gamma(function), space, stream, urgent);
  }

  /** Bytes that the space may have, those that it has included. */
  private long room() {
    long taken = space == null ? 0 : space.size();
    return Math.min(budget.bytes() + taken, limitLeft());
  }

  private long limitLeft() {
    return layout.memoryBytes() == 0 ? Long.MAX_VALUE : layout.memoryBytes() - arena.size();
  }

  /** Gives back all kernel values, which can be computed again. */
  private void release() {
    if (blocks != null) {
      blocks.close();
    }
    spaceMemory.close();
    spaceMemory = new Arena();
    space = null;
    blocks = null;
  }

  @Override
  public List<double[]> decisions(
      int[] places, List<DecisionFunctions> functions, SvmProgress progress) {
    gpu.device().makeCurrent();
    int problems = layout.classes() * (layout.classes() - 1) / 2;
    List<double[]> out =
        functions.stream().map(any -> new double[places.length * problems]).toList();
    int rows = rowsThatFit(places.length);
    long bytes = Decisions.bytes(rows, layout.samples(), layout.classes());
    reserve(bytes + batch(rows), bytes + batch(rows));
    Space.Part memory = blocks.take(bytes + batch(rows)).orElseThrow();
    try {
      Decisions decisions = decisions(rows, memory);
      long base = memory.address() + bytes;
      for (int first = 0; first < places.length; first += rows) {
        progress.report(first, places.length, 0);
        int some = Math.min(rows, places.length - first);
        int[] wanted = Arrays.copyOfRange(places, first, first + some);
        decisions.values(gathered(memory, base, rows, wanted));
        for (int f = 0; f < functions.size(); f++) {
          decisions.functions(functions.get(f));
          decisions.decide(some, out.get(f), first);
        }
      }
    } finally {
      CudaError.check(JCudaDriver.cuStreamSynchronize(stream), "compute");
      blocks.giveBack(memory);
    }
    return out;
  }

  private Decisions decisions(int rows, Space.Part memory) {
    return new Decisions(
        gpu,
        kernels,
        samples.side(0, layout.samples()),
        samples.pitch(),
        ValueProducts.gamma(function),
        layout.classSizes(),
        rows,
        memory.pointer(),
        stream);
  }

  /**
   * Copies samples and their norms to a place of the space.
   *
   * @param base address of so many rows, then of their norms, then of the places themselves
   */
  private ValueProducts.Side gathered(Space.Part memory, long base, int rows, int[] places) {
    long norms = base + 4L * rows * samples.pitch();
    long listed = norms + 4L * rows;
    Gpu.upload(
        memory.pointer().withByteOffset(listed - memory.address()), Gpu.table(places), stream);
    samples.take(listed, places.length, base, samples.pitch());
    kernels.norms(base, places.length, samples.pitch(), norms, stream);
    return new ValueProducts.Side(base, norms, places.length);
  }

  /** Of samples to decide on at a time. */
  private int rowsThatFit(int wanted) {
    int rows = Math.max(1, Math.min(wanted, MOST_ROWS));
    while (rows > FEWEST_ROWS
        && Decisions.bytes(rows, layout.samples(), layout.classes()) + batch(rows) > room()) {
      rows /= 2;
    }
    return rows;
  }

  private long batch(int rows) {
    return Space.rounded(4L * rows * (samples.pitch() + 2L));
  }

  @Override
  public void rows(int[] places, float[] out) {
    gpu.device().makeCurrent();
    samples.rows(places, out);
  }

  @Override
  public DecisionPlan compileDecisions(int[] support, DecisionSpec spec) {
    gpu.device().makeCurrent();
    release();
    return new CudaDecisionPlan(
        gpu, spec, support.length, arena.size(), matrix -> samples.copy(support, matrix));
  }

  @Override
  public void close() {
    gpu.device().makeCurrent();
    JCudaDriver.cuStreamSynchronize(stream);
    release();
    samples.close();
    JCudaDriver.cuStreamDestroy(urgent);
    JCudaDriver.cuStreamDestroy(stream);
    arena.close();
  }
}
