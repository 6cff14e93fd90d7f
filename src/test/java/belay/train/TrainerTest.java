package belay.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.ParameterGroups;
import belay.backend.Precision;
import belay.backend.StepScalars;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.backend.reference.ReferenceBackend;
import belay.error.ConfigurationException;
import belay.error.StoppedException;
import belay.net.Initializer;
import belay.net.Parameter;
import belay.net.Slot;
import belay.net.TrainState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class TrainerTest {
  private static final BooleanSupplier NEVER = () -> false;

  @Test
  void resumedRunEqualsUninterruptedRunWhereverItWasStopped() {
    TinyTraining whole = new TinyTraining();
    whole.train(TinyTraining.settings(3, 0), NEVER);
    // 3 epochs of 3 steps and 2 evaluation batches ask 15 times.
    for (int stopAt = 1; stopAt <= 15; stopAt++) {
      TinyTraining pieces = new TinyTraining();
      int last = stopAt;
      int[] asked = {0};
      assertThrows(
          StoppedException.class,
          () -> pieces.train(TinyTraining.settings(3, 0), () -> ++asked[0] == last));
      pieces.train(TinyTraining.settings(3, 0), NEVER);
      assertArrayEquals(whole.state.weights(), pieces.state.weights());
      assertArrayEquals(
          whole.state.slot(Slot.SECOND_MOMENT), pieces.state.slot(Slot.SECOND_MOMENT));
      assertEquals(whole.losses(), pieces.losses());
    }
  }

  @Test
  void everyEpochIsSavedWithItsResult() {
    TinyTraining training = new TinyTraining();
    training.train(TinyTraining.settings(2, 0), NEVER);
    assertEquals(
        List.of(1, 2), training.progress.history().stream().map(EpochResult::epoch).toList());
    assertEquals(2, training.progress.epoch());
    assertEquals(0, training.progress.position());
    assertEquals(6, training.state.step());
    assertEquals(21, training.state.tally().images());
  }

  @Test
  void trainingLowersTheLoss() {
    TinyTraining training = new TinyTraining();
    training.train(TinyTraining.settings(12, 0), NEVER);
    List<EpochResult> results = training.progress.history();
    assertTrue(results.get(11).testLoss() < 0.9 * results.get(0).testLoss());
  }

  @Test
  void patienceEndsARunThatDoesNotImprove() {
    TinyTraining training = new TinyTraining();
    Schedule standing = new Schedule(0, 0, Schedule.Curve.CONSTANT, 0, 1, 1);
    training.train(new TrainerSettings(5, new Goal(50, 3, 0, false), 8, 0, standing), NEVER);
    assertEquals(4, training.progress.epoch());
    assertEquals(1, training.progress.bestEpoch());
  }

  @Test
  void aDivergedRunStopsWithAdviceAndSavesNothingMore() {
    TinyTraining training = new TinyTraining();
    Schedule wild = new Schedule(1e30, 0, Schedule.Curve.CONSTANT, 0, 1, 1);
    ConfigurationException thrown =
        assertThrows(
            ConfigurationException.class,
            () ->
                training.train(
                    new TrainerSettings(5, new Goal(3, 0, 0, false), 8, 0, wild), NEVER));
    assertTrue(thrown.getMessage().contains("train.learning-rate"), thrown.getMessage());
    assertTrue(thrown.getMessage().endsWith("as there is no checkpoint yet"), thrown.getMessage());
    assertEquals(0, training.saves);
  }

  @Test
  void aRunThatDivergesLaterNamesTheCheckpointToGoOnFrom() {
    TinyTraining training = new TinyTraining();
    training.train(TinyTraining.settings(2, 0), NEVER);
    Schedule wild = new Schedule(1e30, 0, Schedule.Curve.CONSTANT, 0, 1, 1);
    TrainerSettings longer = new TrainerSettings(5, new Goal(9, 0, 0, false), 8, 0, wild);
    ConfigurationException thrown =
        assertThrows(ConfigurationException.class, () -> training.train(longer, NEVER));
    assertTrue(
        thrown.getMessage().endsWith("the last checkpoint, after epoch 2"), thrown.getMessage());
  }

  @Test
  void theUpdateRatioIsWhatTheEpochsLastStepDid() {
    UpdateRule.Decay decay = new UpdateRule.Decay(0.1f, 0, UpdateRule.Reach.KERNELS);
    for (UpdateRule rule :
        List.of(
            new UpdateRule.Sgd(0.9f, 0.01f),
            new UpdateRule.Adam(0.9f, 0.999f, 1e-8f, 0.01f, false),
            new UpdateRule.Adam(0.9f, 0.999f, 1e-8f, 0.1f, true),
            new UpdateRule.Adam(0.9f, 0.999f, 1e-8f, decay, true),
            new UpdateRule.RmsProp(0.9f, 1e-3f, 0.5f, decay),
            new UpdateRule.Lars(0.1f, 0.9f, decay))) {
      TrainSpec spec = new TrainSpec(8, 8, 1, rule, TrainSpec.Clipping.NONE, Precision.FP32);
      TrainState start =
          TrainState.initial(
              TinyTraining.NETWORK,
              Initializer.XAVIER.initialize(TinyTraining.NETWORK, 3),
              rule.slots());
      try (ReferenceBackend backend = new ReferenceBackend();
          TrainPlan plan =
              backend.compileTraining(
                  TinyTraining.NETWORK, spec, TinyTraining.TRAIN, TinyTraining.TEST, start)) {
        plan.step(new int[] {0, 1, 2}, new StepScalars(0.01f));
        float[] before = plan.snapshot().weights();
        plan.step(new int[] {3, 4, 5}, new StepScalars(0.01f));
        TrainState after = plan.snapshot();
        Map<String, Double> ratios =
            UpdateRatio.of(TinyTraining.NETWORK, rule, ParameterGroups.NONE, after, 0.01);
        assertEquals(TinyTraining.NETWORK.program().parameters().size(), ratios.size());
        ratios.forEach((name, ratio) -> assertRatio(before, after.weights(), name, ratio));
      }
    }
  }

  @Test
  void rulesThatKeepTooLittleTellNoUpdateRatio() {
    for (UpdateRule rule :
        List.of(
            new UpdateRule.Sgd(0.9f, true, UpdateRule.Decay.NONE),
            new UpdateRule.Adagrad(1e-3f, UpdateRule.Decay.NONE))) {
      TrainState state =
          TrainState.initial(
              TinyTraining.NETWORK, new float[TinyTraining.NETWORK.weightCount()], rule.slots());
      assertEquals(
          Map.of(), UpdateRatio.of(TinyTraining.NETWORK, rule, ParameterGroups.NONE, state, 0.01));
    }
  }

  /** |ratio - expected| <= 1e-3 expected; f32 weights near 0.1, updates near 1e-3. */
  private static void assertRatio(float[] before, float[] after, String name, double ratio) {
    Parameter parameter =
        TinyTraining.NETWORK.program().parameters().stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow();
    double changed = 0;
    double weights = 0;
    for (int i = parameter.offset(); i < parameter.end(); i++) {
      double change = (double) after[i] - before[i];
      changed += change * change;
      weights += (double) after[i] * after[i];
    }
    double expected = Math.sqrt(changed / weights);
    assertEquals(expected, ratio, 1e-3 * expected, name);
  }

  @Test
  void mayStopAtATarget() {
    TinyTraining whole = new TinyTraining();
    whole.train(TinyTraining.settings(6, 0), NEVER);
    int epoch = whole.progress.bestEpoch();
    double target = whole.progress.history().get(epoch - 1).testLoss();
    Schedule schedule = TinyTraining.settings(6, 0).schedule();
    TinyTraining stopped = new TinyTraining();
    stopped.train(new TrainerSettings(5, new Goal(6, 0, target, true), 8, 0, schedule), NEVER);
    assertEquals(epoch, stopped.progress.epoch());
    assertEquals(epoch, stopped.progress.reached(target).orElseThrow().epoch());
    TinyTraining told = new TinyTraining();
    told.train(new TrainerSettings(5, new Goal(6, 0, target, false), 8, 0, schedule), NEVER);
    assertEquals(6, told.progress.epoch());
    assertEquals(epoch, told.progress.reached(target).orElseThrow().epoch());
  }

  @Test
  void theTimeOfAnEpochGoesOnAfterAStop() {
    TinyTraining training = new TinyTraining();
    int[] asked = {0};
    assertThrows(
        StoppedException.class,
        () -> training.train(TinyTraining.settings(1, 0), () -> ++asked[0] == 3));
    double before = training.progress.seconds();
    assertTrue(before > 0);
    training.train(TinyTraining.settings(1, 0), NEVER);
    EpochResult result = training.progress.history().get(0);
    assertTrue(result.seconds() > before);
    assertEquals(21, result.imagesPerSecond() * result.seconds(), 1e-9);
    assertEquals(0, training.progress.seconds());
  }

  /** By it views are drawn; a run that goes on within an epoch is still in that one. */
  @Test
  void everyStepIsToldItsEpoch() {
    TinyTraining training = new TinyTraining();
    int[] asked = {0};
    assertThrows(
        StoppedException.class,
        () -> training.train(TinyTraining.settings(2, 0), () -> ++asked[0] == 7));
    training.train(TinyTraining.settings(2, 0), NEVER);
    assertEquals(List.of(1, 1, 1, 2, 2, 2), training.epochs);
  }

  @Test
  void theWatchHearsOfEveryStepAndEpoch() {
    List<String> heard = new ArrayList<>();
    TrainWatch watch =
        new TrainWatch() {
          @Override
          public void epochBegins(int epoch) {
            heard.add("epoch " + epoch);
          }

          @Override
          public void step(int images, double learningRate) {
            heard.add(Integer.toString(images));
          }

          @Override
          public void evaluationBegins(int epoch) {
            heard.add("test");
          }

          @Override
          public void epochEnds(EpochResult result) {
            heard.add("end " + result.epoch());
          }
        };
    new TinyTraining().train(TinyTraining.settings(2, 0), watch, NEVER);
    assertEquals(
        List.of(
            "epoch 1", "8", "8", "5", "test", "end 1", "epoch 2", "8", "8", "5", "test", "end 2"),
        heard);
  }
}
