package belay.svm;

import belay.backend.DecisionFunctions;
import belay.backend.KernelFunction;
import belay.backend.PairProblem;
import belay.backend.PairSolution;
import belay.backend.SvmPlan;
import belay.backend.SvmProgress;
import belay.log.ProgressLine;
import belay.svm.Grid.Candidate;
import belay.svm.host.ClassOrder;
import belay.svm.host.StopCheck;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * The steps of a training, on a plan that holds all samples.
 *
 * @param solved of it already, and kept
 * @param weights of the classes [k]
 */
record Training(
    SvmSpec spec,
    ClassOrder order,
    int columns,
    SvmPlan plan,
    SolvedProblems solved,
    double[] weights,
    StopCheck stopped,
    PartTimer timings) {
  private static final System.Logger LOG = System.getLogger("belay.svm");

  /** All kernel functions to choose from; gamma "scale" is that of the samples as they are now. */
  List<KernelFunction> kernels() {
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

  /** Scores every kernel and C, if the grid has folds. */
  Optional<Selection> select(List<KernelFunction> kernels) {
    return spec.grid().folds() == 0
        ? Optional.empty()
        : Optional.of(timings.of("SVM selection", () -> score(kernels)));
  }

  private Selection score(List<KernelFunction> kernels) {
    Folds folds = Folds.of(order, spec.grid().folds(), spec.grid().seed());
    List<Candidate> all = new ArrayList<>();
    List<double[]> accuracy = new ArrayList<>();
    List<double[][]> known = solved.scores();
    for (int k = 0; k < kernels.size(); k++) {
      List<Candidate> some = candidates(kernels.get(k));
      boolean isKnown = k < known.size() && known.get(k).length == some.size();
      double[][] scores = isKnown ? known.get(k) : score(kernels, k, some, folds);
      all.addAll(some);
      accuracy.addAll(Arrays.asList(scores));
    }
    return new Selection(all, accuracy.toArray(double[][]::new), spec.grid().seed());
  }

  private double[][] score(
      List<KernelFunction> kernels, int k, List<Candidate> candidates, Folds folds) {
    plan.kernel(kernels.get(k));
    SvmProgress progress =
        progress(
            "selection=%d/%d "
                .formatted(k * candidates.size() + 1, kernels.size() * candidates.size()));
    double[][] scores =
        new CrossValidation(plan, solved, order, folds, weights, spec.tolerance(), progress)
            .score(candidates);
    solved.score(scores);
    return scores;
  }

  private List<Candidate> candidates(KernelFunction kernel) {
    double gamma = kernel instanceof KernelFunction.Rbf rbf ? rbf.gamma() : 0;
    return spec.grid().c().stream().map(c -> new Candidate(c, gamma)).toList();
  }

  /** Trains on all samples. */
  List<PairSolution> solve(KernelFunction kernel, double c) {
    timings.of("SVM kernel", () -> plan.kernel(kernel));
    return timings.of("SVM solver", () -> solve(c));
  }

  private List<PairSolution> solve(double c) {
    List<PairProblem> problems =
        Arrays.stream(ClassOrder.pairs(order.count()))
            .map(
                pair ->
                    new PairProblem(
                        pair[0], pair[1], c * weights[pair[0]], c * weights[pair[1]], new BitSet()))
            .toList();
    List<PairSolution> solutions =
        solved.solve(plan, problems, spec.tolerance(), progress(""), order.sizes());
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
    String text = "stage=svm %sproblems=%d of=%d iterations=%d";
    return (solved, problems, iterations) ->
        stopped.check(
            () ->
                new ProgressLine(
                    solved, problems, text.formatted(what, solved, problems, iterations)));
  }

  /** Share of right answers on some sorted samples. */
  double accuracy(int[] judged, DecisionFunctions functions) {
    SvmProgress progress = (done, all, none) -> stopped.check();
    double[] decisions =
        timings.of(
            "SVM judging", () -> plan.decisions(judged, List.of(functions), progress).get(0));
    return OneVsOne.accuracy(order, judged, decisions);
  }
}
