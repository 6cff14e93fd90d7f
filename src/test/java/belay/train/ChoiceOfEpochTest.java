package belay.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.BackendContract;
import belay.net.Network;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class ChoiceOfEpochTest {
  private static final BooleanSupplier NEVER = () -> false;

  private static EpochResult result(
      int epoch, double testLoss, double validationLoss, double share) {
    double none = Double.NaN;
    return new EpochResult(
        epoch, epoch, 1, testLoss, validationLoss, share, share, none, 1, 1, 1, 1, 1, null, null);
  }

  private static int best(double[] test, double[] validation, double share) {
    Progress progress = Progress.start();
    for (int i = 0; i < test.length; i++) {
      progress = progress.finish(result(i + 1, test[i], validation[i], share));
    }
    return progress.bestEpoch();
  }

  @Test
  void theLowestLossThatMayChooseIsTheBestAndTheEarliestOfEquals() {
    double[] falling = {3, 2, 2, 4};
    double[] none = {Double.NaN, Double.NaN, Double.NaN, Double.NaN};
    assertEquals(2, best(falling, none, Double.NaN)); // a reconstruction, as ever
    assertEquals(4, best(falling, none, 0.5)); // classes: test images choose nothing
    assertEquals(2, best(none, falling, 0.5));
    assertEquals(2, best(none, falling, Double.NaN));
  }

  /** Test images that choose cannot measure what they chose. */
  @Test
  void ofClassesOnlyHeldOutImagesChooseTheBestEpoch() {
    Network classifier =
        BackendContract.network("input 4x4x3; conv 5; relu; latent; linear 4; logits");
    TinyTraining tested = new TinyTraining(classifier);
    tested.train(
        TinyTraining.settings(4, 1), new TrainTask.Judge(10, false), TrainWatch.NONE, NEVER);
    EpochResult last = tested.progress.history().get(3);
    assertEquals(4, tested.progress.bestEpoch());
    assertTrue(Double.isNaN(last.choosingLoss()) && Double.isNaN(last.validationAccuracy()));
    assertTrue(last.testLoss() > 0 && last.testAccuracy() <= 1 && last.trainAccuracy() <= 1);

    TinyTraining heldOut = new TinyTraining(classifier);
    heldOut.train(
        TinyTraining.settings(4, 0), new TrainTask.Judge(10, true), TrainWatch.NONE, NEVER);
    EpochResult judged = heldOut.progress.history().get(3);
    assertEquals(last.testLoss(), judged.validationLoss());
    assertEquals(last.testAccuracy(), judged.validationAccuracy());
    assertTrue(Double.isNaN(judged.testLoss()) && Double.isNaN(judged.testAccuracy()));
    double lowest =
        heldOut.progress.history().stream()
            .mapToDouble(EpochResult::validationLoss)
            .min()
            .orElseThrow();
    int best = heldOut.progress.bestEpoch();
    assertEquals(lowest, heldOut.progress.history().get(best - 1).validationLoss());
  }
}
