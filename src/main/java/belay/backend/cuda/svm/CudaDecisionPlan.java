package belay.backend.cuda.svm;

import belay.backend.DecisionPlan;
import belay.backend.DecisionSpec;
import belay.backend.EncodePlan;
import belay.backend.SampleFlaw;
import belay.backend.SvmProgress;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Budget;
import belay.backend.cuda.driver.Gpu;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** Decides with support vectors on the device. */
public final class CudaDecisionPlan implements DecisionPlan {
  private static final String WHAT = "the support vectors and samples";
  private static final int FEWEST_ROWS = 64;

  private final Gpu gpu;
  private final DecisionSpec spec;
  private final ValueProducts kernels;
  private final Arena arena = new Arena();
  private final CUstream stream;
  private final CudaSamples support;
  private final CudaSamples samples;
  private final Decisions decisions;
  private final int capacity;

  /**
   * @param count support vectors
   * @param taken bytes of the spec's memory that others occupy
   * @param fill puts them into their matrix
   */
  public CudaDecisionPlan(
      Gpu gpu, DecisionSpec spec, int count, long taken, Consumer<CudaSamples> fill) {
    this.gpu = gpu;
    this.spec = spec;
    kernels = ValueProducts.of(gpu, spec.precision());
    stream = gpu.stream();
    int columns = spec.scaling().mean().length;
    int classes = spec.functions().counts().length;
    try {
      Budget budget = new Budget(gpu, spec.memoryBytes(), taken, WHAT);
      int most = Math.min(spec.capacity(), FEWEST_ROWS);
      budget.require(bytes(gpu, count, most, columns, classes, stream));
      while (most < spec.capacity()
          && bytes(gpu, count, 2 * most, columns, classes, stream) <= budget.bytes()) {
        most = Math.min(spec.capacity(), 2 * most);
      }
      capacity = most;
      support = new CudaSamples(gpu, count, columns, stream, arena);
      samples = new CudaSamples(gpu, capacity, columns, stream, arena);
      long fixed = arena.wanted();
      int rows = Math.min(capacity, FEWEST_ROWS);
      while (rows < capacity
          && fixed + Decisions.bytes(2 * rows, count, classes) <= budget.bytes()) {
        rows = Math.min(capacity, 2 * rows);
      }
      Arena.Slice memory = arena.reserve(Decisions.bytes(rows, count, classes));
      budget.allocate(arena);
      support.open();
      samples.open();
      fill.accept(support);
      support.prepare(kernels, count);
      decisions =
          new Decisions(
              gpu,
              kernels,
              support.side(0, count),
              support.pitch(),
              ValueProducts.gamma(spec.kernel()),
              spec.functions().counts(),
              rows,
              memory.pointer(),
              stream);
      decisions.functions(spec.functions());
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** Bytes that so many support vectors need at least. */
  static long least(Gpu gpu, int support, int columns, int classes, CUstream stream) {
    return bytes(gpu, support, FEWEST_ROWS, columns, classes, stream);
  }

  private static long bytes(
      Gpu gpu, int support, int capacity, int columns, int classes, CUstream stream) {
    Arena planned = new Arena();
    new CudaSamples(gpu, support, columns, stream, planned);
    new CudaSamples(gpu, capacity, columns, stream, planned);
    return planned.wanted() + Decisions.bytes(Math.min(capacity, FEWEST_ROWS), support, classes);
  }

  @Override
  public int capacity() {
    return capacity;
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
  public Optional<SampleFlaw> decide(int count, double[] out, SvmProgress progress) {
    gpu.device().makeCurrent();
    Optional<SampleFlaw> flaw = samples.flaw(count).filter(found -> found.column() >= 0);
    if (flaw.isPresent() || count == 0) {
      return flaw;
    }
    samples.standardize(spec.scaling(), count);
    flaw = samples.flaw(count);
    if (flaw.isPresent()) {
      return flaw;
    }
    samples.prepare(kernels, count);
    for (int first = 0; first < count; first += decisions.rows()) {
      progress.report(first, count, 0);
      int some = Math.min(decisions.rows(), count - first);
      decisions.values(samples.side(first, some));
      decisions.decide(some, out, first);
    }
    return flaw;
  }

  @Override
  public void close() {
    gpu.device().makeCurrent();
    JCudaDriver.cuStreamSynchronize(stream);
    support.close();
    samples.close();
    JCudaDriver.cuStreamDestroy(stream);
    arena.close();
  }
}
