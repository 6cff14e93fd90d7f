package belay.svm.host;

import belay.backend.PairProblem;
import belay.backend.PairSolution;
import belay.backend.SvmProgress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Solves binary problems, several at a time. Each is solved by one thread from values that depend
 * on nothing else, so that neither threads nor memory change a bit.
 */
final class PairSolver {
  private final ClassOrder order;
  private final MemoryPlan plan;
  private final KernelStore kernel;
  private final Workers workers;
  private final List<PairProblem> problems;
  private final double tolerance;
  private final SvmProgress progress;
  private final AtomicInteger solved = new AtomicInteger();
  private final AtomicLong iterations = new AtomicLong();

  /**
   * @param progress asked often, by several threads
   */
  PairSolver(
      ClassOrder order,
      MemoryPlan plan,
      KernelStore kernel,
      Workers workers,
      List<PairProblem> problems,
      double tolerance,
      SvmProgress progress) {
    this.order = order;
    this.plan = plan;
    this.kernel = kernel;
    this.workers = workers;
    this.problems = problems;
    this.tolerance = tolerance;
    this.progress = progress;
  }

  /** One solution a problem, in their order. */
  List<PairSolution> solve() {
    PairSolution[] solutions = new PairSolution[problems.size()];
    List<int[]> tasks = tasks();
    workers.forEach(tasks.size(), task -> solve(tasks.get(task), solutions));
    return Arrays.asList(solutions);
  }

  /** Indices of problems: one each, or all of a pair where its matrix must be computed for them. */
  private List<int[]> tasks() {
    Map<Integer, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < problems.size(); i++) {
      PairProblem problem = problems.get(i);
      boolean isFree = plan.keep() == MemoryPlan.Keep.ALL;
      int group = isFree ? i : problem.first() * order.count() + problem.second();
      groups.computeIfAbsent(group, key -> new ArrayList<>()).add(i);
    }
    return groups.values().stream()
        .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  private void solve(int[] task, PairSolution[] solutions) {
    PairProblem any = problems.get(task[0]);
    KernelSource source = kernel.source(any.first(), any.second());
    for (int index : task) {
      solutions[index] = solve(problems.get(index), source);
      progress.solved(index, solutions[index]);
      solved.incrementAndGet();
      tell(0);
    }
  }

  private PairSolution solve(PairProblem problem, KernelSource source) {
    Range a = order.range(problem.first());
    Range b = order.range(problem.second());
    byte[] labels = new byte[a.count() + b.count()];
    double[] bounds = new double[labels.length]; // 0 where left out
    for (int t = 0; t < labels.length; t++) {
      boolean isFirst = t < a.count();
      int place = isFirst ? a.first() + t : b.first() + t - a.count();
      double own = isFirst ? problem.firstBound() : problem.secondBound();
      labels[t] = (byte) (isFirst ? 1 : -1);
      bounds[t] = problem.leftOut().get(place) ? 0 : own;
    }
    return new SmoSolver(source, labels, bounds, tolerance).solve(this::tell);
  }

  private void tell(long more) {
    progress.report(solved.get(), problems.size(), iterations.addAndGet(more));
  }
}
