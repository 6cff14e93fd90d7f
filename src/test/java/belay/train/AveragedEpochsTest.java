package belay.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.BackendContract;
import belay.backend.LastEpochs;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.reference.ReferenceBackend;
import belay.data.RowOrder;
import belay.error.StoppedException;
import belay.net.Network;
import belay.net.Slot;
import belay.net.Statistic;
import belay.net.TrainState;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The mean of the weights after the last epochs, and statistics that belong to it. */
class AveragedEpochsTest {
  private static final BooleanSupplier NEVER = () -> false;
  private static final Network NETWORK =
      BackendContract.network(
          "input 4x4x3; batchnorm; conv 5; batchnorm; relu; maxpool 2; latent; upsample 2; conv 3");

  private static TinyTraining training() {
    return new TinyTraining(NETWORK, new TrainSpec.Average(0, new LastEpochs(2, 4, 3, 0)));
  }

  @Test
  void itIsTheMeanOfTheWeightsAfterTheLastEpochs() {
    TinyTraining three = training();
    int[] asked = {0};
    // Each epoch asks before 3 steps and 2 judging minibatches, the third 3 times more.
    assertThrows(
        StoppedException.class,
        () -> three.train(TinyTraining.settings(4, 0), () -> ++asked[0] > 18));
    TinyTraining all = training();
    all.train(TinyTraining.settings(4, 0), NEVER);
    float[] average = all.state.slot(Slot.AVERAGE);
    for (int i = 0; i < average.length; i++) {
      double mean = (three.state.weights()[i] + (double) all.state.weights()[i]) / 2;
      assertEquals(mean, average[i], 1e-6);
    }
    assertEquals(3, three.progress.epoch());
  }

  @Test
  void resumedRunEqualsUninterruptedRunWhereverItWasStopped() {
    TinyTraining whole = training();
    int[] asked = {0};
    whole.train(
        TinyTraining.settings(4, 0),
        () -> {
          asked[0]++;
          return false;
        });
    int all = asked[0];
    assertEquals(4 * 5 + 2 * 3, all);
    for (int stopAt = 1; stopAt <= all; stopAt++) {
      TinyTraining pieces = training();
      int[] left = {stopAt};
      assertThrows(
          StoppedException.class,
          () -> pieces.train(TinyTraining.settings(4, 0), () -> --left[0] == 0));
      pieces.train(TinyTraining.settings(4, 0), NEVER);
      assertArrayEquals(whole.state.weights(), pieces.state.weights());
      assertArrayEquals(whole.state.slot(Slot.AVERAGE), pieces.state.slot(Slot.AVERAGE));
      assertEquals(whole.losses(), pieces.losses());
    }
  }

  /** Of the images themselves, which no weight changes: seen by hand. */
  @Test
  void statisticsAreThoseOfTheImagesWhateverTheyWereBefore() {
    TinyTraining training = training();
    training.train(TinyTraining.settings(4, 0), NEVER);
    Statistic mean = NETWORK.program().statistics().get(0);
    assertEquals(Statistic.Kind.MEAN, mean.kind());
    double[] expected = new double[3];
    int[] rows = new RowOrder(5, 21).permutation(1);
    double left = Math.pow(0.9, 3);
    for (int batch = 0; batch < 3; batch++) {
      int[] some = Arrays.copyOfRange(rows, 8 * batch, Math.min(21, 8 * batch + 8));
      float[] pixels = new float[some.length * 48];
      TinyTraining.seen(some, 4, pixels);
      for (int i = 0; i < pixels.length; i++) {
        double weight = 0.1 * Math.pow(0.9, 2 - batch) / (1 - left);
        expected[i % 3] += weight * pixels[i] / (some.length * 16);
      }
    }
    for (int c = 0; c < 3; c++) {
      assertEquals(expected[c], training.state.weights()[mean.offset() + c], 1e-5);
    }
  }

  @Test
  void evaluationUsesTheMeanWithItsStatistics() {
    TinyTraining training = training();
    training.train(TinyTraining.settings(4, 0), NEVER);
    TrainState state = training.state;
    TrainSpec spec = training.spec();
    try (ReferenceBackend backend = new ReferenceBackend();
        TrainPlan plan =
            backend.compileTraining(NETWORK, spec, TinyTraining.TRAIN, TinyTraining.TEST, state)) {
      int[] first = RowOrder.identity(8);
      double loss = plan.evaluate(first).tally().lossSum();
      double rest = plan.evaluate(new int[] {8, 9}).tally().lossSum();
      EpochResult last = training.progress.history().get(3);
      assertEquals(last.testLoss(), (loss + rest) / 10, 1e-12);
      plan.load(new TrainState(old(state), state.slots(), state.step(), state.tally()));
      assertTrue(Math.abs(plan.evaluate(first).tally().lossSum() - loss) > 1e-3 * loss);
    }
  }

  /** With the statistics that networks begin with. */
  private static float[] old(TrainState state) {
    float[] weights = state.weights().clone();
    for (Statistic statistic : NETWORK.program().statistics()) {
      Arrays.fill(weights, statistic.offset(), statistic.end(), statistic.initial());
    }
    return weights;
  }
}
