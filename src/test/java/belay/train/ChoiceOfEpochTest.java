package belay.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.BackendContract;
import belay.net.Network;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class ChoiceOfEpochTest {
  private static final BooleanSupplier NEVER = () -> false;

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
