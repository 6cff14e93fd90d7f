package belay.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.BackendContract;
import belay.backend.Precision;
import belay.backend.RandomInputs;
import belay.backend.StepScalars;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.backend.reference.ReferenceBackend;
import belay.data.ImageSet;
import belay.data.augment.Augmentation;
import belay.error.ConfigurationException;
import belay.error.StoppedException;
import belay.net.Initializer;
import belay.net.Network;
import belay.net.Parameter;
import belay.net.Slot;
import belay.net.TrainState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Training of a tiny network on 21 images in minibatches of 8: three steps an epoch. */
class TrainerTest {
  private static final Network NETWORK =
      BackendContract.network("input 4x4x3; conv 5; relu; maxpool 2; latent; upsample 2; conv 3");
  private static final ImageSet TRAIN = new RandomInputs(20).images(NETWORK, 21);
  private static final ImageSet TEST = new RandomInputs(21).images(NETWORK, 10);
  private static final BooleanSupplier NEVER = () -> false;

  @Test
  void resumedRunEqualsUninterruptedRunWhereverItWasStopped() {
    Recorder whole = new Recorder();
    train(whole, settings(3, 0), NEVER);
    // 3 epochs of 3 steps and 2 evaluation batches ask 15 times.
    for (int stopAt = 1; stopAt <= 15; stopAt++) {
      Recorder pieces = new Recorder();
      int last = stopAt;
      int[] asked = {0};
      assertThrows(
          StoppedException.class, () -> train(pieces, settings(3, 0), () -> ++asked[0] == last));
      train(pieces, settings(3, 0), NEVER);
      assertArrayEquals(whole.state.weights(), pieces.state.weights());
      assertArrayEquals(
          whole.state.slot(Slot.SECOND_MOMENT), pieces.state.slot(Slot.SECOND_MOMENT));
      assertEquals(whole.losses(), pieces.losses());
    }
  }

  @Test
  void everyEpochIsSavedWithItsResult() {
    Recorder recorder = new Recorder();
    train(recorder, settings(2, 0), NEVER);
    assertEquals(
        List.of(1, 2), recorder.progress.history().stream().map(EpochResult::epoch).toList());
    assertEquals(2, recorder.progress.epoch());
    assertEquals(0, recorder.progress.position());
    assertEquals(6, recorder.state.step());
    assertEquals(21, recorder.state.tally().images());
  }

  @Test
  void trainingLowersTheLoss() {
    Recorder recorder = new Recorder();
    train(recorder, settings(12, 0), NEVER);
    List<EpochResult> results = recorder.progress.history();
    assertTrue(results.get(11).testLoss() < 0.9 * results.get(0).testLoss());
  }

  @Test
  void patienceEndsARunThatDoesNotImprove() {
    Recorder recorder = new Recorder();
    Schedule standing = new Schedule(0, 0, Schedule.Curve.CONSTANT, 0, 1, 1);
    train(recorder, new TrainerSettings(5, new Goal(50, 3, 0, false), 8, 0, standing), NEVER);
    assertEquals(4, recorder.progress.epoch());
    assertEquals(1, recorder.progress.bestEpoch());
  }

  @Test
  void aDivergedRunStopsWithAdviceAndSavesNothingMore() {
    Recorder recorder = new Recorder();
    Schedule wild = new Schedule(1e30, 0, Schedule.Curve.CONSTANT, 0, 1, 1);
    ConfigurationException thrown =
        assertThrows(
            ConfigurationException.class,
            () ->
                train(
                    recorder, new TrainerSettings(5, new Goal(3, 0, 0, false), 8, 0, wild), NEVER));
    assertTrue(thrown.getMessage().contains("train.learning-rate"), thrown.getMessage());
    assertTrue(thrown.getMessage().endsWith("as there is no checkpoint yet"), thrown.getMessage());
    assertEquals(0, recorder.saves);
  }

  @Test
  void aRunThatDivergesLaterNamesTheCheckpointToGoOnFrom() {
    Recorder recorder = new Recorder();
    train(recorder, settings(2, 0), NEVER);
    Schedule wild = new Schedule(1e30, 0, Schedule.Curve.CONSTANT, 0, 1, 1);
    TrainerSettings longer = new TrainerSettings(5, new Goal(9, 0, 0, false), 8, 0, wild);
    ConfigurationException thrown =
        assertThrows(ConfigurationException.class, () -> train(recorder, longer, NEVER));
    assertTrue(
        thrown.getMessage().endsWith("the last checkpoint, after epoch 2"), thrown.getMessage());
  }

  /** Test images that choose cannot measure what they chose. */
  @Test
  void ofClassesOnlyHeldOutImagesChooseTheBestEpoch() {
    Network classifier =
        BackendContract.network("input 4x4x3; conv 5; relu; latent; linear 4; logits");
    Recorder tested = new Recorder(classifier);
    train(tested, settings(4, 1), new TrainTask.Judge(10, false), TrainWatch.NONE, NEVER);
    EpochResult last = tested.progress.history().get(3);
    assertEquals(4, tested.progress.bestEpoch());
    assertTrue(Double.isNaN(last.choosingLoss()) && Double.isNaN(last.validationAccuracy()));
    assertTrue(last.testLoss() > 0 && last.testAccuracy() <= 1 && last.trainAccuracy() <= 1);

    Recorder heldOut = new Recorder(classifier);
    train(heldOut, settings(4, 0), new TrainTask.Judge(10, true), TrainWatch.NONE, NEVER);
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

  private static TrainerSettings settings(int epochs, int patience) {
    Schedule schedule = new Schedule(0.01, 4, Schedule.Curve.COSINE, 0, 1, 1);
    return new TrainerSettings(5, new Goal(epochs, patience, 0, false), 8, 0, schedule);
  }

  private static void train(Recorder recorder, TrainerSettings settings, BooleanSupplier stop) {
    train(recorder, settings, TrainWatch.NONE, stop);
  }

  private static void train(
      Recorder recorder, TrainerSettings settings, TrainWatch watch, BooleanSupplier stop) {
    train(recorder, settings, new TrainTask.Judge(10, false), watch, stop);
  }

  private static void train(
      Recorder recorder,
      TrainerSettings settings,
      TrainTask.Judge judge,
      TrainWatch watch,
      BooleanSupplier stop) {
    Network network = recorder.network;
    TrainSpec spec =
        new TrainSpec(
            8,
            8,
            0,
            new Augmentation(Augmentation.Mirror.RANDOM, 1, Augmentation.Border.REFLECT, 0),
            1,
            new UpdateRule.Adam(0.9f, 0.999f, 1e-8f, 0, false),
            TrainSpec.Clipping.NONE,
            TrainSpec.Average.NONE,
            Precision.FP32);
    try (ReferenceBackend backend = new ReferenceBackend();
        TrainPlan plan = backend.compileTraining(network, spec, TRAIN, TEST, recorder.state)) {
      TrainTask task = new TrainTask(network, spec, 21, judge);
      new Trainer(plan, settings, task, recorder, watch, stop)
          .run(recorder.progress, recorder.state.step());
    }
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
          TrainState.initial(NETWORK, Initializer.XAVIER.initialize(NETWORK, 3), rule.slots());
      try (ReferenceBackend backend = new ReferenceBackend();
          TrainPlan plan = backend.compileTraining(NETWORK, spec, TRAIN, TEST, start)) {
        plan.step(new int[] {0, 1, 2}, new StepScalars(0.01f));
        float[] before = plan.snapshot().weights();
        plan.step(new int[] {3, 4, 5}, new StepScalars(0.01f));
        TrainState after = plan.snapshot();
        Map<String, Double> ratios = UpdateRatio.of(NETWORK, rule, after, 0.01);
        assertEquals(NETWORK.program().parameters().size(), ratios.size());
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
          TrainState.initial(NETWORK, new float[NETWORK.weightCount()], rule.slots());
      assertEquals(Map.of(), UpdateRatio.of(NETWORK, rule, state, 0.01));
    }
  }

  /** |ratio - expected| <= 1e-3 expected; f32 weights near 0.1, updates near 1e-3. */
  private static void assertRatio(float[] before, float[] after, String name, double ratio) {
    Parameter parameter =
        NETWORK.program().parameters().stream()
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
    Recorder whole = new Recorder();
    train(whole, settings(6, 0), NEVER);
    int epoch = whole.progress.bestEpoch();
    double target = whole.progress.history().get(epoch - 1).testLoss();
    Schedule schedule = settings(6, 0).schedule();
    Recorder stopped = new Recorder();
    train(stopped, new TrainerSettings(5, new Goal(6, 0, target, true), 8, 0, schedule), NEVER);
    assertEquals(epoch, stopped.progress.epoch());
    assertEquals(epoch, stopped.progress.reached(target).orElseThrow().epoch());
    Recorder told = new Recorder();
    train(told, new TrainerSettings(5, new Goal(6, 0, target, false), 8, 0, schedule), NEVER);
    assertEquals(6, told.progress.epoch());
    assertEquals(epoch, told.progress.reached(target).orElseThrow().epoch());
  }

  @Test
  void theTimeOfAnEpochGoesOnAfterAStop() {
    Recorder recorder = new Recorder();
    int[] asked = {0};
    assertThrows(
        StoppedException.class, () -> train(recorder, settings(1, 0), () -> ++asked[0] == 3));
    double before = recorder.progress.seconds();
    assertTrue(before > 0);
    train(recorder, settings(1, 0), NEVER);
    EpochResult result = recorder.progress.history().get(0);
    assertTrue(result.seconds() > before);
    assertEquals(21, result.imagesPerSecond() * result.seconds(), 1e-9);
    assertEquals(0, recorder.progress.seconds());
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
    train(new Recorder(), settings(2, 0), watch, NEVER);
    assertEquals(
        List.of(
            "epoch 1", "8", "8", "5", "test", "end 1", "epoch 2", "8", "8", "5", "test", "end 2"),
        heard);
  }

  /** Keeps the last saved state, as a checkpoint would. */
  private static final class Recorder implements StateKeeper {
    private final Network network;
    private TrainState state;
    private Progress progress = Progress.start();
    private int saves;

    Recorder() {
      this(NETWORK);
    }

    Recorder(Network network) {
      this.network = network;
      this.state =
          TrainState.initial(
              network,
              Initializer.UNIFORM.initialize(network, 3),
              List.of(Slot.FIRST_MOMENT, Slot.SECOND_MOMENT));
    }

    @Override
    public void keep(TrainState state, Progress progress) {
      this.state = state;
      this.progress = progress;
      saves++;
    }

    /** Train and test losses of all epochs; equal bits or not equal. */
    List<Map<String, Double>> losses() {
      return progress.history().stream()
          .map(
              result -> {
                Map<String, Double> values = new HashMap<>(result.updateRatio());
                values.put("train", result.trainLoss());
                values.put("test", result.testLoss());
                values.put("live", result.liveFeatures());
                return values;
              })
          .toList();
    }
  }
}
