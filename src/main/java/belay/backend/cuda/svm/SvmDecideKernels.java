package belay.backend.cuda.svm;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;

/** kernels/svm_decide.cu: decisions of one-vs-one classifiers from kernel values. */
public final class SvmDecideKernels {
  private static final int THREADS = 128;
  public static final int ROWS = 4;
  public static final int SLOTS = 8;

  private SvmDecideKernels() {}

  /**
   * @param values [samples, pitch] f32
   * @param coefficients [classes - 1, support] f64
   * @param starts of the classes among the support [classes + 1]
   * @param sums receives [samples, classes, classes - 1] f64
   */
  public static Call sums(
      Address values,
      int samples,
      int pitch,
      Address coefficients,
      int support,
      Address starts,
      int classes,
      Address sums) {
    return Call.of("svm_decide", "svm_sums")
        .in("float", values)
        .ints(samples, pitch)
        .in("double", coefficients)
        .ints(support)
        .in("int", starts)
        .ints(classes)
        .out("double", sums)
        .by(parts(samples, ROWS), classes, parts(classes - 1, SLOTS), THREADS);
  }

  /**
   * @param sums of {@link #sums}
   * @param pairs of classes [problems][2]
   * @param rho [problems] f64
   * @param out [samples, problems] f64
   */
  public static Call decisions(
      int samples,
      Address sums,
      int classes,
      Address pairs,
      Address rho,
      int problems,
      Address out) {
    return Call.of("svm_decide", "svm_decisions")
        .in("double", sums)
        .ints(classes)
        .in("int2", pairs)
        .in("double", rho)
        .ints(problems)
        .out("double", out)
        .by(parts(problems, THREADS), samples, 1, THREADS);
  }

  private static int parts(int length, int each) {
    return (length + each - 1) / each;
  }
}
