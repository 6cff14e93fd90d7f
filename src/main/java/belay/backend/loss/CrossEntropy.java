package belay.backend.loss;

import belay.backend.Objective;
import belay.data.MixedLabel;
import belay.net.Tally;

/**
 * {@link Objective.CrossEntropy}: log(sum over k of exp s z_k) - sum over k of t_k s z_k, with the
 * scale s, in double, with StrictMath, whose bits are those of every processor.
 */
final class CrossEntropy implements Loss {
  private final int classes;
  private final double scale; // of the logits z
  private final double others; // t of the classes that an image is not of
  private final double own; // t of its own

  CrossEntropy(int classes, Objective.CrossEntropy objective) {
    this.classes = classes;
    this.scale = objective.scale();
    this.others = (double) objective.smoothing() / classes;
    this.own = 1 - (double) objective.smoothing() + others;
  }

  @Override
  public Tally tally(Targets targets, float[] outputs) {
    double sum = 0;
    int right = 0;
    for (int n = 0; n < targets.count(); n++) {
      MixedLabel label = targets.labels()[n];
      sum += loss(outputs, n * classes, label);
      right += largest(outputs, n * classes) == label.larger() ? 1 : 0;
    }
    return new Tally(sum, targets.count(), right);
  }

  private double loss(float[] z, int base, MixedLabel label) {
    double top = z[base + largest(z, base)];
    double expected = 0; // of z - top, by t
    for (int k = 0; k < classes; k++) {
      expected += target(k, label) * scale * (z[base + k] - top);
    }
    return StrictMath.log(exponentials(z, base, top)) - expected;
  }

  /** s (softmax(s z) - t) / minibatch. */
  @Override
  public void gradient(Targets targets, float[] outputs, int minibatch, float[] gradient) {
    for (int n = 0; n < targets.count(); n++) {
      int base = n * classes;
      double top = outputs[base + largest(outputs, base)];
      double sum = exponentials(outputs, base, top);
      for (int k = 0; k < classes; k++) {
        double share = StrictMath.exp(scale * (outputs[base + k] - top)) / sum;
        double error = scale * (share - target(k, targets.labels()[n]));
        gradient[base + k] = (float) (error / minibatch);
      }
    }
  }

  /** The mixture of what both images would have alone. */
  private double target(int k, MixedLabel label) {
    return label.share() * alone(k, label.label()) + (1 - label.share()) * alone(k, label.other());
  }

  private double alone(int k, int label) {
    return k == label ? own : others;
  }

  private double exponentials(float[] z, int base, double top) {
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      sum += StrictMath.exp(scale * (z[base + k] - top));
    }
    return sum;
  }

  /** The class with the largest score, the first of equals. */
  private int largest(float[] z, int base) {
    int largest = 0;
    for (int k = 1; k < classes; k++) {
      largest = z[base + k] > z[base + largest] ? k : largest;
    }
    return largest;
  }
}
