package belay.svm;

import belay.backend.DecisionFunctions;
import belay.backend.KernelFunction;
import belay.backend.Standardization;
import java.util.List;

/** A {@link SvmModel} without the values of its support vectors; the components are the same. */
public record SvmOutline(
    int[] classes,
    List<String> names,
    Standardization scaling,
    double c,
    double[] weights,
    KernelFunction kernel,
    DecisionFunctions functions,
    int[] supportRows) {

  /** Features of a sample. */
  public int features() {
    return scaling.mean().length;
  }

  SvmModel with(SupportVectors support) {
    return new SvmModel(
        classes, names, scaling, c, weights, kernel, functions, supportRows, support);
  }
}
