package belay.svm;

import belay.backend.DecisionFunctions;
import belay.backend.KernelFunction;
import belay.backend.Standardization;
import java.util.List;

/**
 * A trained classifier of k classes, with k (k - 1) / 2 problems in the order (0, 1), (0, 2) .. (1,
 * 2) .. of class indices. A problem's decision is above 0 for its first class.
 *
 * @param classes the label of each class, ascending [k]
 * @param names of the classes [k], or empty
 * @param scaling of unscaled features
 * @param c upper bound of an alpha whose class has weight 1
 * @param weights what multiplies it, by class [k]
 * @param functions counts of support vectors by class, their coefficients and rho
 * @param supportRows row of each support vector in the training set, sorted by class [s]
 * @param support scaled features of the support vectors [s, d]
 */
public record SvmModel(
    int[] classes,
    List<String> names,
    Standardization scaling,
    double c,
    double[] weights,
    KernelFunction kernel,
    DecisionFunctions functions,
    int[] supportRows,
    SupportVectors support) {
  public SvmModel {
    names = List.copyOf(names);
    int k = classes.length;
    int s = support.rows();
    require(k >= 2, "classes", k);
    require(names.isEmpty() || names.size() == k, "names", names.size());
    require(weights.length == k, "weights", weights.length);
    require(functions.counts().length == k, "support counts", functions.counts().length);
    require(supportRows.length == s, "support rows", supportRows.length);
    require(scaling.mean().length == support.columns(), "means", scaling.mean().length);
    int coefficients = functions.coefficients().length;
    require(coefficients == (k - 1) * s, "coefficients", coefficients);
    require(functions.rho().length == k * (k - 1) / 2, "rho", functions.rho().length);
  }

  private static void require(boolean fulfilled, String what, int count) {
    if (!fulfilled) {
      throw new IllegalArgumentException(count + " " + what + " do not fit the SVM");
    }
  }
}
