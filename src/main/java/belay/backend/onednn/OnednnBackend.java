package belay.backend.onednn;

import belay.backend.Backend;
import belay.backend.EncodePlan;
import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.KernelRows;
import belay.backend.Precision;
import belay.backend.StopFlag;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.onednn.dnnl.Crew;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Natives;
import belay.backend.onednn.dnnl.Processor;
import belay.backend.onednn.dnnl.Scope;
import belay.data.ImageSet;
import belay.error.DeviceException;
import belay.net.Mark;
import belay.net.Network;
import belay.net.TrainState;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The CPU through oneDNN. Results do not depend on the number of threads. */
public final class OnednnBackend implements Backend {
  private final Scope scope = new Scope();
  private final Crew crew;
  private final StopFlag stop;
  private final Processor processor;
  private final long engine;

  /** Why this backend cannot be used here, or empty if it can. */
  public static Optional<String> unavailable() {
    return Natives.problem();
  }

  /**
   * @param threads that work at the same time, at least 1
   * @throws DeviceException if {@link #unavailable} says why not
   */
  public OnednnBackend(int threads) {
    this(threads, () -> false);
  }

  /**
   * @param threads that work at the same time, at least 1
   * @param stop looked at before each slice of a minibatch, which is a few images, and before each
   *     tile of a kernel matrix; all threads call it
   * @throws DeviceException if {@link #unavailable} says why not
   */
  public OnednnBackend(int threads, BooleanSupplier stop) {
    this(threads, stop, Processor::current);
  }

  /** For tests of what another processor would choose. */
  OnednnBackend(int threads, BooleanSupplier stop, Supplier<Processor> processor) {
    Natives.load();
    this.processor = processor.get();
    this.stop = new StopFlag(stop);
    this.crew = new Crew(threads);
    scope.onClose(crew::close);
    long[] created = new long[1];
    Dnnl.check(Dnnl.dnnl_engine_create(created, Dnnl.CPU, 0), "start");
    this.engine = created[0];
    scope.onClose(() -> Dnnl.dnnl_engine_destroy(engine));
  }

  /** For example: oneDNN 3.11.0, 2 threads, avx512_core_bf16. */
  @Override
  public String describe() {
    return String.format(
        "oneDNN %s, %d thread%s, %s",
        Natives.VERSION, crew.workers(), crew.workers() == 1 ? "" : "s", processor.name());
  }

  @Override
  public String arithmetic() {
    return "oneDNN " + Natives.VERSION + ", " + processor.name();
  }

  @Override
  public TrainPlan compileTraining(
      Network network, TrainSpec spec, ImageSet train, ImageSet test, TrainState start) {
    Precision precision = spec.precision();
    Recipe recipe =
        new Recipe(engine, type(precision), processor.layout(precision), Optional.of(spec), stop);
    return Scope.owned(
        scope ->
            crew.call(
                    () ->
                        new OnednnTrainPlan(
                            scope, crew, stop, recipe, network, spec, train, test, start))
                .loaded());
  }

  private int type(Precision precision) {
    return switch (precision) {
      case FP32 -> Dnnl.F32;
      case BF16 -> {
        if (!processor.hasBf16()) {
          throw new DeviceException(
              "This processor (" + processor.name() + ") has no bf16: set train.precision=fp32");
        }
        yield Dnnl.BF16;
      }
      default ->
          throw new DeviceException(
              "The CPU cannot compute in "
                  + precision.name().toLowerCase(Locale.ROOT)
                  + ": set train.precision=fp32"
                  + (processor.hasBf16() ? " or bf16" : ""));
    };
  }

  @Override
  public EncodePlan compileEncoding(
      Network network, Mark upTo, int batch, ImageSet images, float[] weights) {
    int layout = processor.layout(Precision.FP32);
    Recipe recipe = new Recipe(engine, Dnnl.F32, layout, Optional.empty(), stop);
    return Scope.owned(
        scope ->
            crew.call(
                    () ->
                        new OnednnEncodePlan(
                            scope,
                            crew,
                            stop,
                            recipe,
                            network.program(),
                            upTo,
                            batch,
                            images,
                            weights))
                .loaded());
  }

  @Override
  public KernelRows kernelRows(FloatMatrix left, FloatMatrix right, KernelFunction kernel) {
    return Scope.owned(scope -> new OnednnKernelRows(scope, crew, stop, left, right, kernel));
  }

  @Override
  public void close() {
    scope.close();
  }
}
