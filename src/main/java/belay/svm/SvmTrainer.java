package belay.svm;

import belay.backend.Backend;
import belay.backend.DecisionFunctions;
import belay.backend.EncodePlan;
import belay.backend.KernelFunction;
import belay.backend.Kernels;
import belay.backend.PairSolution;
import belay.backend.SampleFlaw;
import belay.backend.Standardization;
import belay.backend.SvmLayout;
import belay.backend.SvmPlan;
import belay.error.DataException;
import belay.error.StoppedException;
import belay.svm.host.ClassOrder;
import belay.svm.host.HostSvmPlan;
import belay.svm.host.Scaling;
import belay.svm.host.StopCheck;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Trains a classifier of any number of classes, one binary problem a pair of classes, where the
 * backend solves them. Put all rows, then train; what was trained can be used until this is closed.
 */
public final class SvmTrainer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("belay.svm");

  /** Training samples whose answers are compared with their labels. */
  private static final int JUDGED = 5_000;

  private final SvmSpec spec;
  private final ClassOrder order;
  private final int columns;
  private final SvmPlan plan;
  private final StopCheck stopped;
  private final PartTimer timings;
  private final double[] weights; // of the classes [k]
  private final int[] places; // row -> place [n]

  private SvmTrainer(
      SvmSpec spec,
      ClassOrder order,
      int columns,
      SvmPlan plan,
      StopCheck stopped,
      PartTimer timings) {
    this.spec = spec;
    this.order = order;
    this.columns = columns;
    this.plan = plan;
    this.stopped = stopped;
    this.timings = timings;
    weights = spec.weights().of(order);
    places = order.places();
  }

  /**
   * @param labels of the rows that will be put, any integers, of at least two values [n]
   * @param columns features of a sample
   * @param backend to compute on
   * @param stop asked several times a second, by several threads; true ends the training
   * @param timings counts the parts of the work
   * @throws DataException if all samples have one label
   * @throws belay.error.DeviceException if the memory is too small, with what would do
   */
  public static SvmTrainer open(
      SvmSpec spec,
      int[] labels,
      int columns,
      Backend backend,
      BooleanSupplier stop,
      PartTimer timings) {
    return open(spec, labels, columns, backend::compileSvm, backend::kernelRows, stop, timings);
  }

  /**
   * The same only if the backend itself solves the problems, so that features need not leave it.
   *
   * @return empty where {@link #open} would take the rows into the Java heap
   */
  public static Optional<SvmTrainer> openOnDevice(
      SvmSpec spec,
      int[] labels,
      int columns,
      Backend backend,
      BooleanSupplier stop,
      PartTimer timings) {
    ClassOrder order = order(labels);
    StopCheck stopped = new StopCheck(stop);
    return backend
        .compileSvm(layout(spec, order, columns))
        .map(plan -> new SvmTrainer(spec, order, columns, plan, stopped, timings));
  }

  static SvmTrainer open(
      SvmSpec spec,
      int[] labels,
      int columns,
      Function<SvmLayout, Optional<SvmPlan>> device,
      Kernels kernels,
      BooleanSupplier stop,
      PartTimer timings) {
    ClassOrder order = order(labels);
    int threads = spec.limits().threads();
    SvmLayout layout = layout(spec, order, columns);
    StopCheck stopped = new StopCheck(stop);
    SvmPlan plan =
        device.apply(layout).orElseGet(() -> new HostSvmPlan(layout, kernels, threads, stopped));
    return new SvmTrainer(spec, order, columns, plan, stopped, timings);
  }

  /**
   * Whether these labels can be trained on as wanted, for those who would learn it after hours.
   *
   * @throws DataException if all samples have one label
   * @throws belay.error.ConfigurationException if a label has no weight, or a fold no sample
   */
  public static void check(SvmSpec spec, int[] labels) {
    ClassOrder order = order(labels);
    spec.weights().of(order);
    if (spec.grid().folds() > 0) {
      Folds.of(order, spec.grid().folds(), spec.grid().seed());
    }
  }

  private static SvmLayout layout(SvmSpec spec, ClassOrder order, int columns) {
    return new SvmLayout(order.sizes(), columns, spec.precision(), spec.limits().memoryBytes());
  }

  private static ClassOrder order(int[] labels) {
    ClassOrder order = ClassOrder.of(labels);
    if (order.count() < 2) {
      throw new DataException(
          labels.length == 0
              ? "There are no training samples; the SVM needs at least two classes."
              : "All %d training samples have label %d; the SVM needs at least two classes."
                  .formatted(labels.length, labels[0]));
    }
    return order;
  }

  /**
   * Hands over rows, which may change afterwards.
   *
   * @param rows direct, little endian, unscaled, row-major [count, columns]
   * @param first which row of the training set
   */
  public void put(ByteBuffer rows, int first, int count) {
    stopped.check();
    timings.of("SVM copying", () -> plan.put(rows, count, places(first, count)));
  }

  /**
   * Hands over the features of the images that the encoder was begun for last; they stay on the
   * device.
   *
   * @param first which row of the training set is the first of those images
   */
  public void put(EncodePlan encoder, int first, int count) {
    stopped.check();
    plan.put(encoder, count, places(first, count));
  }

  private int[] places(int first, int count) {
    return Arrays.copyOfRange(places, first, first + count);
  }

  /**
   * Trains on what was put.
   *
   * @param names of the classes by label, or an empty list
   * @param solved of it by an attempt before; when told to stop, it is saved
   * @throws DataException if a feature is not finite, or a row too long for fp32
   * @throws belay.error.StoppedException if told to stop
   */
  public TrainedSvm train(List<String> names, SolvedProblems solved) {
    try {
      return trained(names, solved);
    } catch (StoppedException e) {
      solved.save();
      throw e;
    }
  }

  private TrainedSvm trained(List<String> names, SolvedProblems solved) {
    stopped.check();
    LOG.log(
        Level.INFO,
        "stage=svm samples=%d features=%d classes=%d"
            .formatted(places.length, columns, order.count()));
    Standardization scaling = timings.of("SVM scaling", this::scale);
    Training training = new Training(spec, order, columns, plan, solved, weights, stopped, timings);
    List<KernelFunction> kernels = training.kernels();
    Optional<Selection> selection = training.select(kernels);
    int best = selection.map(Selection::best).orElse(0);
    KernelFunction kernel = kernels.get(best / spec.grid().c().size());
    double c = spec.grid().c().get(best % spec.grid().c().size());
    List<PairSolution> solutions = training.solve(kernel, c);
    DecisionFunctions functions = OneVsOne.functions(order, solutions.toArray(PairSolution[]::new));
    SupportSet support = SupportSet.of(order, functions);
    int[] judged = judged();
    double accuracy = training.accuracy(judged, functions);
    long iterations = solutions.stream().mapToLong(PairSolution::iterations).sum();
    LOG.log(
        Level.INFO,
        "stage=svm problems=%d iterations=%d support-vectors=%d"
            .formatted(solutions.size(), iterations, support.positions().length));
    return new TrainedSvm(
        model(names, scaling, c, kernel, support), selection, judged.length, accuracy, iterations);
  }

  private Standardization scale() {
    Optional<SampleFlaw> flaw = plan.flaw();
    // Scaling shortens what is too long.
    flaw.filter(found -> found.column() >= 0 || !spec.scale()).ifPresent(this::refuse);
    if (!spec.scale()) {
      return Scaling.none(columns);
    }
    Standardization scaling = plan.standardize();
    if (flaw.isPresent()) {
      plan.flaw().ifPresent(this::refuse);
    }
    return scaling;
  }

  private void refuse(SampleFlaw flaw) {
    throw Flaws.problem(flaw, order.rows()[flaw.place()]);
  }

  private int[] judged() {
    int samples = order.rows().length;
    int count = Math.min(JUDGED, samples);
    return IntStream.range(0, count)
        .map(i -> places[(int) ((long) i * samples / count)])
        .sorted()
        .toArray();
  }

  private SvmModel model(
      List<String> names,
      Standardization scaling,
      double c,
      KernelFunction kernel,
      SupportSet support) {
    int[] positions = support.positions();
    int[] rows = Arrays.stream(positions).map(p -> order.rows()[p]).toArray();
    List<String> own =
        names.isEmpty() ? List.of() : Arrays.stream(order.classes()).mapToObj(names::get).toList();
    return new SvmModel(
        order.classes(),
        own,
        scaling,
        c,
        weights,
        kernel,
        support.functions(),
        rows,
        SupportVectors.of(plan, positions, columns));
  }

  @Override
  public void close() {
    plan.close();
  }
}
