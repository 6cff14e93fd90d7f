package belay.backend.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.backend.Objective;
import belay.data.MixedLabel;
import belay.net.Tally;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The loss of mixtures by its definition, and its gradient by finite differences. */
class CrossEntropyTest {
  private static final int CLASSES = 5;

  private static final MixedLabel[] LABELS = {
    MixedLabel.of(2),
    new MixedLabel(0, 4, 0.3),
    new MixedLabel(1, 3, 0.5),
    new MixedLabel(3, 3, 0.2),
    new MixedLabel(2, 1, 0)
  };

  private static final Targets TARGETS = new Targets(new float[0], LABELS);

  private static float[] scores() {
    float[] scores = new float[LABELS.length * CLASSES];
    Random random = new Random(4);
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) (3 * random.nextGaussian());
    }
    return scores;
  }

  private static CrossEntropy loss(float smoothing, float scale) {
    return new CrossEntropy(CLASSES, new Objective.CrossEntropy(smoothing, scale));
  }

  /** -sum t log p, with the targets written out. */
  private static double expected(float[] z, double smoothing, double scale) {
    double sum = 0;
    for (int n = 0; n < LABELS.length; n++) {
      double[] t = new double[CLASSES];
      t[LABELS[n].label()] += (1 - smoothing) * LABELS[n].share();
      t[LABELS[n].other()] += (1 - smoothing) * (1 - LABELS[n].share());
      double total = 0;
      for (int k = 0; k < CLASSES; k++) {
        total += Math.exp(scale * z[n * CLASSES + k]);
      }
      for (int k = 0; k < CLASSES; k++) {
        double p = Math.exp(scale * z[n * CLASSES + k]) / total;
        sum -= (t[k] + smoothing / CLASSES) * Math.log(p);
      }
    }
    return sum;
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "0.1, 1", "0.1, 0.25"})
  void theLossIsThatOfBothClassesByTheirShares(float smoothing, float scale) {
    Tally tally = loss(smoothing, scale).tally(TARGETS, scores());
    assertEquals(expected(scores(), smoothing, scale), tally.lossSum(), 1e-10);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "0.1, 1", "0.1, 0.25"})
  void theGradientEqualsFiniteDifferences(float smoothing, float scale) {
    CrossEntropy loss = loss(smoothing, scale);
    float[] gradient = new float[LABELS.length * CLASSES];
    loss.gradient(TARGETS, scores(), 7, gradient);
    float step = 0x1p-10f; // which floats of this size hold to 2^-22 of them
    for (int i = 0; i < gradient.length; i++) {
      float[] above = scores();
      float[] below = scores();
      above[i] += step;
      below[i] -= step;
      double difference =
          loss.tally(TARGETS, above).lossSum() - loss.tally(TARGETS, below).lossSum();
      assertEquals(difference / ((double) above[i] - below[i]) / 7, gradient[i], 1e-7);
    }
  }

  /** Of equal shares the image's own. */
  @Test
  void theClassWithTheLargerShareIsRight() {
    int[] larger = {2, 4, 1, 3, 1};
    int[] smaller = {2, 0, 3, 3, 2};
    assertEquals(5, right(larger));
    assertEquals(2, right(smaller)); // one image of one class, and a mixture of one class
  }

  private static long right(int[] classes) {
    float[] scores = new float[LABELS.length * CLASSES];
    for (int n = 0; n < classes.length; n++) {
      scores[n * CLASSES + classes[n]] = 1;
    }
    return loss(0, 1).tally(TARGETS, scores).right();
  }
}
