package belay.svm;

import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.Kernels;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A trained classifier of k classes, with k (k - 1) / 2 problems in the order (0, 1), (0, 2) .. (1,
 * 2) .. of class indices. A problem's decision is above 0 for its first class.
 *
 * @param classes the label of each class, ascending [k]
 * @param names of the classes [k], or empty
 * @param scaling of unscaled features
 * @param c upper bound of every alpha
 * @param supportCounts support vectors of each class [k]
 * @param supportRows row of each support vector in the training set, sorted by class [s]
 * @param support scaled features of the support vectors [s, d]
 * @param coefficients alpha_i y_i, row-major [k - 1, s]: a support vector of class c has its
 *     coefficient against class o in row o, or o - 1 if o is above c
 * @param rho of each problem [k (k - 1) / 2]
 */
public record SvmModel(
    int[] classes,
    List<String> names,
    Scaling scaling,
    double c,
    KernelFunction kernel,
    int[] supportCounts,
    int[] supportRows,
    FloatMatrix support,
    double[] coefficients,
    double[] rho) {
  public SvmModel {
    names = List.copyOf(names);
    int k = classes.length;
    int s = support.rows();
    require(k >= 2, "classes", k);
    require(names.isEmpty() || names.size() == k, "names", names.size());
    require(supportCounts.length == k, "support counts", supportCounts.length);
    require(supportRows.length == s, "support rows", supportRows.length);
    require(scaling.mean().length == support.columns(), "means", scaling.mean().length);
    require(coefficients.length == (k - 1) * s, "coefficients", coefficients.length);
    require(rho.length == k * (k - 1) / 2, "rho", rho.length);
  }

  /**
   * The class of each sample, by one vote a problem; the lowest label wins a tie. A sample's answer
   * does not depend on the others.
   *
   * @param features unscaled [n, d]
   * @param kernels of the backend to compute on, {@code backend::kernelRows}
   * @param stop asked several times a second
   * @return labels [n]
   * @throws belay.error.DataException if a feature is not finite, or their number differs
   * @throws belay.error.StoppedException if told to stop
   */
  public int[] predict(FloatMatrix features, Kernels kernels, BooleanSupplier stop) {
    double[] decisions = decisions(features, kernels, stop);
    int[] labels = new int[features.rows()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = classes[vote(decisions, i * rho.length)];
    }
    return labels;
  }

  /** Every problem's decision on every sample, row-major [n, k (k - 1) / 2]. */
  public double[] decisions(FloatMatrix features, Kernels kernels, BooleanSupplier stop) {
    return new Decisions(this, kernels, new Cancellation(stop)).of(features);
  }

  private int vote(double[] decisions, int first) {
    int[] votes = new int[classes.length];
    int[][] pairs = ClassOrder.pairs(classes.length);
    for (int p = 0; p < pairs.length; p++) {
      votes[decisions[first + p] > 0 ? pairs[p][0] : pairs[p][1]]++;
    }
    int best = 0;
    for (int c = 1; c < votes.length; c++) {
      best = votes[c] > votes[best] ? c : best;
    }
    return best;
  }

  private static void require(boolean fulfilled, String what, int count) {
    if (!fulfilled) {
      throw new IllegalArgumentException(count + " " + what + " do not fit the SVM");
    }
  }
}
