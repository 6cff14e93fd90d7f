package belay.backend.cuda.svm;

import belay.backend.PairProblem;
import belay.backend.SvmLayout;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** Bytes of device memory that problems over one layout occupy besides the samples. */
record SolvingMemory(SvmLayout layout) {
  /** Of one problem alone. */
  long least(PairProblem problem) {
    int a = problem.first();
    int b = problem.second();
    return PairSolver.commonBytes(layout, 1)
        + PairSolver.stateBytes(layout, a, b)
        + ValueBlocks.bytes(layout, Math.min(a, b), Math.max(a, b))
        + ValueBlocks.bytes(layout, a, a)
        + ValueBlocks.bytes(layout, b, b);
  }

  /** Of the problem of the two largest classes alone. */
  long leastOfAll() {
    int[] sizes = layout.classSizes();
    Integer[] order = new Integer[sizes.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> sizes[b] - sizes[a]);
    return least(new PairProblem(order[0], order[1], 1));
  }

  /** Of problems one after another. */
  long least(List<PairProblem> problems) {
    return problems.stream().mapToLong(this::least).max().orElse(0);
  }

  /** Of all problems side by side. */
  long wanted(List<PairProblem> problems) {
    long wanted = PairSolver.commonBytes(layout, problems.size());
    TreeSet<Long> seen = new TreeSet<>();
    for (PairProblem problem : problems) {
      int a = Math.min(problem.first(), problem.second());
      int b = Math.max(problem.first(), problem.second());
      wanted += PairSolver.stateBytes(layout, a, b);
      for (int[] pair : new int[][] {{a, a}, {b, b}, {a, b}}) {
        if (seen.add((long) pair[0] * layout.classes() + pair[1])) {
          wanted += ValueBlocks.bytes(layout, pair[0], pair[1]);
        }
      }
    }
    return wanted;
  }
}
