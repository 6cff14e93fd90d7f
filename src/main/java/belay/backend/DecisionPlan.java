package belay.backend;

import java.util.Optional;

/**
 * A classifier compiled for one device. Unscaled samples are put to places from 0 on, then decided
 * on together.
 */
public interface DecisionPlan extends SampleSink, AutoCloseable {
  /** Samples that one call decides on: those that were asked for, or as many as memory holds. */
  int capacity();

  /**
   * Decisions on the samples at places 0 .. count - 1, which are used up: put new ones for the next
   * call. A sample's bits do not depend on the others.
   *
   * @param out receives row-major [count, k (k - 1) / 2]
   * @param progress told several times a second, with samples for problems
   * @return the first sample that cannot be used, in which case nothing else was done
   */
  Optional<SampleFlaw> decide(int count, double[] out, SvmProgress progress);

  @Override
  void close();
}
