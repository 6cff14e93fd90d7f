package belay.svm.host;

import belay.backend.DecisionPlan;
import belay.backend.DecisionSpec;
import belay.backend.FloatMatrix;
import belay.backend.KernelRows;
import belay.backend.Kernels;
import belay.backend.SampleFlaw;
import belay.backend.SvmProgress;
import java.util.List;
import java.util.Optional;

/** A classifier in the Java heap, over any backend's {@link KernelRows}. */
public final class HostDecisionPlan extends HostSamples implements DecisionPlan {
  private final Kernels kernels;
  private final FloatMatrix support;
  private final DecisionSpec spec;
  private final int threads;
  private final StopCheck stopped;

  public HostDecisionPlan(
      Kernels kernels, FloatMatrix support, DecisionSpec spec, int threads, StopCheck stopped) {
    super(spec.capacity(), support.columns());
    this.kernels = kernels;
    this.support = support;
    this.spec = spec;
    this.threads = threads;
    this.stopped = stopped;
  }

  @Override
  public int capacity() {
    return spec.capacity();
  }

  @Override
  public Optional<SampleFlaw> decide(int count, double[] out, SvmProgress progress) {
    Scaling scaling = new Scaling(samples, count, new Workers(threads, "svm"), stopped);
    Optional<SampleFlaw> broken = scaling.flaw().filter(flaw -> flaw.column() >= 0);
    if (broken.isPresent()) {
      return broken;
    }
    scaling.apply(spec.scaling());
    Optional<SampleFlaw> tooLong = scaling.flaw();
    if (tooLong.isEmpty()) {
      try (KernelRows rows = kernels.kernelRows(samples, support, spec.kernel())) {
        new DecisionTiles(rows, threads, support.columns(), stopped)
            .add(count, List.of(new Decisions(spec.functions())), List.of(out), progress);
      }
    }
    return tooLong;
  }

  @Override
  public void close() {}
}
