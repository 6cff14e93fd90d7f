package belay.backend.cuda.svm;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;

/** kernels/svm_solve.cu: sequential minimal optimisation of binary problems, a block each. */
public final class SvmSolveKernels {
  /** Of a problem in its table. */
  public static final int PROBLEM_BYTES = 120;

  /** Of a problem's state in its table. */
  public static final int STATE_BYTES = 32;

  private static final int THREADS = 512;

  /** Samples and padding of a problem. */
  public enum Size {
    UP_TO_4096("4096", 4096),
    UP_TO_10240("10240", 10240),
    ANY("more", Integer.MAX_VALUE);

    private final String word;
    private final int most;

    Size(String word, int most) {
      this.word = word;
      this.most = most;
    }

    public static Size of(int largest) {
      return largest <= UP_TO_4096.most
          ? UP_TO_4096
          : largest <= UP_TO_10240.most ? UP_TO_10240 : ANY;
    }

    public int most() {
      return most;
    }
  }

  private SvmSolveKernels() {}

  /**
   * @param unitDiagonal whether kernel(i, i) = 1
   * @param size of the largest problem
   * @param problems table [count]
   * @param states table [count]
   * @param slice iterations of each problem
   * @param fewest iterations that every problem may have
   */
  public static Call solve(
      boolean unitDiagonal,
      Size size,
      int count,
      Address problems,
      Address states,
      double tolerance,
      int slice,
      long fewest) {
    return Call.of("svm_solve", "svm_solve", unitDiagonal ? "rbf" : "any", size.word)
        .in("Problem", problems)
        .out("State", states)
        .float64(tolerance)
        .ints(slice)
        .int64(fewest)
        .by(count, 1, 1, THREADS);
  }
}
