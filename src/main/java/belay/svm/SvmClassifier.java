package belay.svm;

import belay.backend.Backend;
import belay.backend.DecisionPlan;
import belay.backend.DecisionSpec;
import belay.backend.EncodePlan;
import belay.backend.FloatMatrix;
import belay.backend.Kernels;
import belay.backend.Precision;
import belay.error.DataException;
import belay.log.ProgressLine;
import belay.svm.host.HostDecisionPlan;
import belay.svm.host.HostSvmPlan;
import belay.svm.host.StopCheck;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A model at work: put rows in order, then ask for their labels. Rows are decided on in batches. An
 * answer does not depend on the other rows.
 */
public final class SvmClassifier implements AutoCloseable {
  private final SvmModel model;
  private final DecisionPlan plan;
  private final StopCheck stopped;
  private final Votes votes;
  private final int batch;
  private final int[] places;
  private final double[] decisions; // of a batch
  private final int[] labels; // [n]
  private final double[] all; // decisions [n, problems], or null if not kept
  private int done; // rows decided on
  private int waiting; // rows put since

  private SvmClassifier(
      SvmModel model, DecisionPlan plan, int rows, boolean keep, StopCheck stopped) {
    this.model = model;
    this.plan = plan;
    this.stopped = stopped;
    batch = plan.capacity();
    votes = Votes.of(model.classes().length);
    places = IntStream.range(0, batch).toArray();
    decisions = new double[batch * votes.pairs().length];
    labels = new int[rows];
    all = keep ? new double[rows * votes.pairs().length] : null;
  }

  /**
   * @param rows that will be put in all
   * @param precision of the kernel's products
   * @param backend that trained the model, or any if the model comes from a file
   * @param stop asked several times a second
   * @throws belay.error.DeviceException if the memory is too small
   */
  public static SvmClassifier open(
      SvmModel model,
      int rows,
      Precision precision,
      SvmSpec.Limits limits,
      Backend backend,
      BooleanSupplier stop) {
    return open(
        model,
        rows,
        precision,
        limits,
        backend::compileDecisions,
        backend::kernelRows,
        stop,
        false);
  }

  static SvmClassifier open(
      SvmModel model,
      int rows,
      Precision precision,
      SvmSpec.Limits limits,
      BiFunction<FloatMatrix, DecisionSpec, Optional<DecisionPlan>> device,
      Kernels kernels,
      BooleanSupplier stop,
      boolean keep) {
    StopCheck stopped = new StopCheck(stop);
    DecisionSpec whole =
        spec(model, precision, limits, Batches.most(rows, model.support().columns()));
    Supplier<DecisionSpec> ofHeap =
        () -> spec(model, precision, limits, Batches.ofHeap(rows, model.support().columns()));
    if (model.support() instanceof SupportVectors.InPlan trained) {
      DecisionSpec spec = trained.plan() instanceof HostSvmPlan ? ofHeap.get() : whole;
      DecisionPlan plan = trained.plan().compileDecisions(trained.places(), spec);
      return new SvmClassifier(model, plan, rows, keep, stopped);
    }
    FloatMatrix support = model.support().matrix();
    Optional<DecisionPlan> onDevice = device.apply(support, whole);
    if (onDevice.isPresent()) {
      return new SvmClassifier(model, onDevice.get(), rows, keep, stopped);
    }
    HostSvmPlan.requireFp32(precision);
    DecisionSpec spec = ofHeap.get();
    DecisionPlan plan = new HostDecisionPlan(kernels, support, spec, limits.threads(), stopped);
    return new SvmClassifier(model, plan, rows, keep, stopped);
  }

  private static DecisionSpec spec(
      SvmModel model, Precision precision, SvmSpec.Limits limits, int capacity) {
    return new DecisionSpec(
        model.functions(),
        model.kernel(),
        model.scaling(),
        precision,
        capacity,
        limits.memoryBytes());
  }

  /**
   * The next rows, which may change afterwards.
   *
   * @param rows direct, little endian, unscaled, row-major [count, columns]
   */
  public void put(ByteBuffer rows, int count) {
    stopped.check();
    int width = model.support().columns() * Float.BYTES;
    for (int first = 0; first < count; ) {
      makeRoom(1);
      int some = Math.min(batch - waiting, count - first);
      ByteBuffer slice = rows.slice(first * width, some * width).order(rows.order());
      plan.put(slice, some, Arrays.copyOfRange(places, waiting, waiting + some));
      waiting += some;
      first += some;
    }
  }

  /** The next rows, which the encoder was begun for last; at most {@link #batch} at a time. */
  public void put(EncodePlan encoder, int count) {
    stopped.check();
    makeRoom(count);
    plan.put(encoder, count, Arrays.copyOfRange(places, waiting, waiting + count));
    waiting += count;
  }

  /** Rows of a batch. */
  public int batch() {
    return batch;
  }

  /**
   * The labels of all rows, by one vote a problem; the lowest label wins a tie.
   *
   * @throws DataException if a feature is not finite
   * @throws belay.error.StoppedException if told to stop
   */
  public int[] labels() {
    decide();
    if (done != labels.length) {
      throw new IllegalStateException(done + " of " + labels.length + " rows were put");
    }
    return labels;
  }

  /** Every problem's decision on every row, row-major [n, k (k - 1) / 2]. */
  double[] decisions() {
    labels();
    return all;
  }

  private void makeRoom(int count) {
    if (done + waiting + count > labels.length) {
      throw new IllegalStateException("More than " + labels.length + " rows");
    }
    if (waiting + count > batch) {
      decide();
    }
  }

  private void decide() {
    stopped.check();
    if (waiting == 0) {
      return;
    }
    plan.decide(waiting, decisions, this::tell)
        .ifPresent(
            flaw -> {
              throw Flaws.problem(flaw, done + flaw.place());
            });
    int problems = votes.pairs().length;
    for (int i = 0; i < waiting; i++) {
      labels[done + i] = model.classes()[votes.winner(decisions, i * problems)];
    }
    if (all != null) {
      System.arraycopy(decisions, 0, all, done * problems, waiting * problems);
    }
    done += waiting;
    waiting = 0;
  }

  private void tell(int decided, int of, long none) {
    String text = "stage=svm predicted=%d of=%d";
    stopped.check(
        () ->
            new ProgressLine(
                done + decided, labels.length, text.formatted(done + decided, labels.length)));
  }

  @Override
  public void close() {
    plan.close();
  }
}
