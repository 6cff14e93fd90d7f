package belay.svm;

import belay.error.ConfigurationException;
import belay.svm.host.ClassOrder;
import java.util.Arrays;
import java.util.List;

/** What multiplies C for the samples of each class, as libsvm's -wi does. */
public sealed interface ClassWeights {
  /** 1 for every class. */
  record Equal() implements ClassWeights {}

  /** Inversely to a class's share: samples / (classes x samples of the class). */
  record Balanced() implements ClassWeights {}

  /**
   * @param weights of labels 0, 1 .., each above 0
   */
  record ByLabel(List<Double> weights) implements ClassWeights {
    public ByLabel {
      weights = List.copyOf(weights);
    }
  }

  /**
   * A factor for each class that occurs [k].
   *
   * @throws ConfigurationException if a label has no weight
   */
  default double[] of(ClassOrder order) {
    int k = order.count();
    double[] weights = new double[k];
    if (this instanceof ByLabel given) {
      return Arrays.stream(order.classes()).mapToDouble(label -> weight(given, label)).toArray();
    }
    double samples = order.rows().length;
    for (int c = 0; c < k; c++) {
      weights[c] = this instanceof Balanced ? samples / (k * (double) order.range(c).count()) : 1;
    }
    return weights;
  }

  private static double weight(ByLabel given, int label) {
    if (label < 0 || label >= given.weights().size()) {
      throw new ConfigurationException(
          "svm.class-weights has %d numbers, and a sample has label %d: give a number for each label from 0 on"
              .formatted(given.weights().size(), label));
    }
    return given.weights().get(label);
  }
}
