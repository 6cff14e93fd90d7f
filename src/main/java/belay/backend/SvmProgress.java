package belay.backend;

/** Told several times a second how far the solver is. It may throw to make it give up. */
@FunctionalInterface
public interface SvmProgress {
  /**
   * @param solved problems that are done
   * @param problems of this call
   * @param iterations of all problems so far
   * @throws belay.error.StoppedException to stop; the call that asks ends with it, and the plan can
   *     be used as if that call had not been made
   */
  void report(int solved, int problems, long iterations);

  /**
   * A problem is done; called once for each, by any thread. Must not throw.
   *
   * @param problem its index in the call
   */
  default void solved(int problem, PairSolution solution) {}
}
