package belay.backend;

import java.util.List;
import java.util.Optional;

/**
 * One-vs-one support vector machines over one set of samples, where a device computes. In the order
 * of use: every place is {@link #put}, then perhaps {@link #standardize}d; {@link #kernel} chooses
 * the function (again and again, if wanted), {@link #solve} trains with it. Equal calls give equal
 * bits, whatever the memory.
 */
public interface SvmPlan extends SampleSink, AutoCloseable {
  /**
   * To be asked once all samples are there.
   *
   * @return the first sample that cannot be used
   */
  Optional<SampleFlaw> flaw();

  /** Brings every column to mean 0 and deviation 1, in place; sums are taken in a fixed order. */
  Standardization standardize();

  /** Population variance of all values as they are now, in double. */
  double variance();

  /**
   * Chooses the kernel. Blocks of kernel values are computed when a problem wants them, and kept as
   * long as memory allows: problems over the same classes share them.
   */
  void kernel(KernelFunction function);

  /**
   * Solves problems, as many at a time as the memory holds, each by sequential minimal optimisation
   * with second-order working sets (Fan, Chen, Lin, JMLR 6, 2005), ties to the lowest index.
   *
   * @param tolerance of the largest violation of the optimality conditions
   * @return one solution a problem, in their order
   * @throws belay.error.DeviceException if not even one problem fits, with the least that does
   */
  List<PairSolution> solve(List<PairProblem> problems, double tolerance, SvmProgress progress);

  /**
   * Decisions on samples of this matrix, for cross-validation.
   *
   * @param places of the samples to decide on
   * @param functions over all samples of this matrix, 0 where a sample is no support vector
   * @param progress told several times a second, with samples for problems
   * @return row-major [places, k (k - 1) / 2] for each of the functions
   */
  List<double[]> decisions(int[] places, List<DecisionFunctions> functions, SvmProgress progress);

  /**
   * Samples as the kernel sees them: scaled, and rounded under tf32.
   *
   * @param out receives row-major [places, columns]
   */
  void rows(int[] places, float[] out);

  /**
   * A classifier of some of these samples, copied on the device; this plan may be closed before it.
   *
   * @param support places of the support vectors, ascending; counts of the spec's functions are
   *     theirs
   */
  DecisionPlan compileDecisions(int[] support, DecisionSpec spec);

  @Override
  void close();
}
