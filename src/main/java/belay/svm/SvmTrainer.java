package belay.svm;

import belay.backend.Backend;
import belay.backend.DecisionFunctions;
import belay.backend.EncodePlan;
import belay.backend.KernelFunction;
import belay.backend.Kernels;
import belay.backend.PairProblem;
import belay.backend.PairSolution;
import belay.backend.SampleFlaw;
import belay.backend.Standardization;
import belay.backend.SvmLayout;
import belay.backend.SvmPlan;
import belay.backend.SvmProgress;
import belay.error.DataException;
import belay.svm.Grid.Candidate;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
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
  private final Cancellation cancellation;
  private final Stopwatch timings;
  private final double[] weights; // of the classes [k]
  private final int[] places; // row -> place [n]

  private SvmTrainer(
      SvmSpec spec,
      ClassOrder order,
      int columns,
      SvmPlan plan,
      Cancellation cancellation,
      Stopwatch timings) {
    this.spec = spec;
    this.order = order;
    this.columns = columns;
    this.plan = plan;
    this.cancellation = cancellation;
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
      Stopwatch timings) {
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
      Stopwatch timings) {
    ClassOrder order = order(labels);
    Cancellation cancellation = new Cancellation(stop, spec.limits().logInterval());
    return backend
        .compileSvm(layout(spec, order, columns))
        .map(plan -> new SvmTrainer(spec, order, columns, plan, cancellation, timings));
  }

  static SvmTrainer open(
      SvmSpec spec,
      int[] labels,
      int columns,
      Function<SvmLayout, Optional<SvmPlan>> device,
      Kernels kernels,
      BooleanSupplier stop,
      Stopwatch timings) {
    ClassOrder order = order(labels);
    SvmSpec.Limits limits = spec.limits();
    SvmLayout layout = layout(spec, order, columns);
    Cancellation cancellation = new Cancellation(stop, limits.logInterval());
    SvmPlan plan =
        device
            .apply(layout)
            .orElseGet(() -> new HostSvmPlan(layout, kernels, limits, cancellation));
    return new SvmTrainer(spec, order, columns, plan, cancellation, timings);
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
    cancellation.check();
    timings.of("SVM copying", () -> plan.put(rows, count, places(first, count)));
  }

  /**
   * Hands over the features of the images that the encoder was begun for last; they stay on the
   * device.
   *
   * @param first which row of the training set is the first of those images
   */
  public void put(EncodePlan encoder, int first, int count) {
    cancellation.check();
    plan.put(encoder, count, places(first, count));
  }

  private int[] places(int first, int count) {
    return Arrays.copyOfRange(places, first, first + count);
  }

  /**
   * Trains on what was put.
   *
   * @param names of the classes by label, or an empty list
   * @throws DataException if a feature is not finite, or a row too long for fp32
   * @throws belay.error.StoppedException if told to stop
   */
  public TrainedSvm train(List<String> names) {
    cancellation.check();
    LOG.log(
        Level.INFO,
        "stage=svm samples=%d features=%d classes=%d: from the beginning, as the SVM keeps no checkpoint"
            .formatted(places.length, columns, order.count()));
    Standardization scaling = timings.of("SVM scaling", this::scale);
    List<KernelFunction> kernels = kernels();
    Optional<Selection> selection =
        spec.grid().folds() == 0
            ? Optional.empty()
            : Optional.of(timings.of("SVM selection", () -> select(kernels)));
    int best = selection.map(Selection::best).orElse(0);
    KernelFunction kernel = kernels.get(best / spec.grid().c().size());
    double c = spec.grid().c().get(best % spec.grid().c().size());
    timings.of("SVM kernel", () -> plan.kernel(kernel));
    List<PairSolution> solutions = timings.of("SVM solver", () -> solve(c));
    DecisionFunctions functions = OneVsOne.functions(order, solutions.toArray(PairSolution[]::new));
    SupportSet support = SupportSet.of(order, functions);
    int[] judged = judged();
    double accuracy = timings.of("SVM judging", () -> accuracy(judged, functions));
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

  private List<KernelFunction> kernels() {
    if (spec.kernel() == SvmSpec.Kernel.LINEAR) {
      return List.of(new KernelFunction.Linear());
    }
    boolean needsVariance = spec.grid().gamma().stream().anyMatch(gamma -> gamma.isEmpty());
    double variance = needsVariance ? timings.of("SVM scaling", plan::variance) : 0;
    // 1 if all values are equal, as scikit-learn has it.
    double scale = variance > 0 ? 1 / (columns * variance) : 1;
    List<KernelFunction> kernels = new ArrayList<>();
    spec.grid().gamma().forEach(g -> kernels.add(new KernelFunction.Rbf(g.orElse(scale))));
    return kernels;
  }

  private Selection select(List<KernelFunction> kernels) {
    Folds folds = Folds.of(order, spec.grid().folds(), spec.grid().seed());
    List<Candidate> all = new ArrayList<>();
    List<double[]> accuracy = new ArrayList<>();
    for (KernelFunction kernel : kernels) {
      plan.kernel(kernel);
      List<Candidate> some = candidates(kernel);
      SvmProgress progress =
          progress("selection=%d/%d ".formatted(all.size() + 1, kernels.size() * some.size()));
      all.addAll(some);
      accuracy.addAll(
          Arrays.asList(
              new CrossValidation(plan, order, folds, weights, spec.tolerance(), progress)
                  .score(some)));
    }
    return new Selection(all, accuracy.toArray(double[][]::new), spec.grid().seed());
  }

  private List<Candidate> candidates(KernelFunction kernel) {
    double gamma = kernel instanceof KernelFunction.Rbf rbf ? rbf.gamma() : 0;
    return spec.grid().c().stream().map(c -> new Candidate(c, gamma)).toList();
  }

  private List<PairSolution> solve(double c) {
    List<PairProblem> problems =
        Arrays.stream(ClassOrder.pairs(order.count()))
            .map(
                pair ->
                    new PairProblem(
                        pair[0], pair[1], c * weights[pair[0]], c * weights[pair[1]], new BitSet()))
            .toList();
    List<PairSolution> solutions = plan.solve(problems, spec.tolerance(), progress(""));
    for (int p = 0; p < solutions.size(); p++) {
      if (!solutions.get(p).converged()) {
        warn(problems.get(p), solutions.get(p));
      }
    }
    return solutions;
  }

  private void warn(PairProblem problem, PairSolution solution) {
    LOG.log(
        Level.WARNING,
        "stage=svm classes=%d,%d iterations=%d: not optimal; lower svm.c, or scale the features"
            .formatted(
                order.classes()[problem.first()],
                order.classes()[problem.second()],
                solution.iterations()));
  }

  private SvmProgress progress(String what) {
    return (solved, problems, iterations) ->
        cancellation.check(
            () ->
                "stage=svm %sproblems=%d of=%d iterations=%d"
                    .formatted(what, solved, problems, iterations));
  }

  private int[] judged() {
    int samples = order.rows().length;
    int count = Math.min(JUDGED, samples);
    return IntStream.range(0, count)
        .map(i -> places[(int) ((long) i * samples / count)])
        .sorted()
        .toArray();
  }

  private double accuracy(int[] judged, DecisionFunctions functions) {
    SvmProgress progress = (done, all, none) -> cancellation.check();
    double[] decisions = plan.decisions(judged, List.of(functions), progress).get(0);
    return OneVsOne.accuracy(order, judged, decisions);
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
