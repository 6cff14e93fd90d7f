package belay.backend.update;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import belay.backend.BackendContract;
import belay.backend.ParameterGroups;
import belay.backend.Precision;
import belay.backend.RandomInputs;
import belay.backend.StepScalars;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.data.augment.Augmentation;
import belay.net.Network;
import belay.net.Parameter;
import belay.net.Slot;
import belay.net.Tally;
import belay.net.TrainState;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Parameters for which something else holds, beside updates that know nothing of them. */
class GroupsTest {
  private static final Network NETWORK =
      BackendContract.network("input 4x4x2; conv 5 name=a; conv 3; latent; linear 2; logits");
  private static final float RATE = 0.125f;
  private static final int STEPS = 6; // two an epoch

  private final float[] start = new RandomInputs(1).gaussian(NETWORK.weightCount(), 0.5);
  private final float[] gradient = new RandomInputs(2).gaussian(NETWORK.parameterCount(), 0.3);

  static Stream<UpdateRule> rules() {
    UpdateRule.Decay decay = UpdateRule.Decay.of(0.5f);
    UpdateRule others = new UpdateRule.Sgd(0.5f, true, UpdateRule.Decay.NONE);
    return Stream.of(
        new UpdateRule.Sgd(0.5f, false, decay),
        new UpdateRule.Sgd(0.5f, true, decay),
        new UpdateRule.Adam(0.5f, 0.75f, 1e-3f, decay, false),
        new UpdateRule.Adam(0.5f, 0.75f, 1e-3f, decay, true),
        new UpdateRule.Muon(0.5f, 0.5f, 0.75f, 1e-3f, decay),
        new UpdateRule.Muon(0.5f, new UpdateRule.Muon.Form(false, 3, true), others, decay));
  }

  private static ParameterGroups.Pattern pattern(String text) {
    return new ParameterGroups.Pattern(text);
  }

  private static ParameterGroups frozen(String pattern, int first, int last) {
    return new ParameterGroups(
        List.of(), List.of(), List.of(new ParameterGroups.Frozen(pattern(pattern), first, last)));
  }

  private static ParameterGroups rate(String pattern, float factor) {
    return new ParameterGroups(
        List.of(new ParameterGroups.Valued(pattern(pattern), factor)), List.of(), List.of());
  }

  private static ParameterGroups decay(String pattern, float l2) {
    return new ParameterGroups(
        List.of(), List.of(new ParameterGroups.Valued(pattern(pattern), l2)), List.of());
  }

  private TrainState trained(UpdateRule rule, ParameterGroups groups, float rate, int steps) {
    return trained(rule, TrainSpec.Clipping.NONE, groups, rate, steps);
  }

  private TrainState trained(
      UpdateRule rule, TrainSpec.Clipping clipping, ParameterGroups groups, float rate, int steps) {
    TrainSpec spec =
        new TrainSpec(
            8,
            8,
            0,
            Augmentation.NONE,
            1,
            rule,
            clipping,
            TrainSpec.Average.NONE,
            Precision.FP32,
            groups);
    Update update = new Update(NETWORK, spec, TrainState.initial(NETWORK, start, spec.slots()));
    for (int step = 0; step < steps; step++) {
      update.apply(gradient.clone(), new StepScalars(rate, 1 + step / 2));
    }
    return update.snapshot(Tally.NONE);
  }

  private static float[] values(String name, float[] vector) {
    Parameter parameter =
        NETWORK.program().parameters().stream()
            .filter(p -> p.name().equals(name))
            .findFirst()
            .orElseThrow();
    return Arrays.copyOfRange(vector, parameter.offset(), parameter.end());
  }

  private static void assertSame(TrainState expected, TrainState actual, String... names) {
    for (String name : names) {
      assertArrayEquals(values(name, expected.weights()), values(name, actual.weights()), name);
      for (Slot slot : expected.slots().keySet()) {
        assertArrayEquals(
            values(name, expected.slot(slot)), values(name, actual.slot(slot)), name + slot);
      }
    }
  }

  private static final String[] ALL = {
    "a/w", "a/b", "conv2/w", "conv2/b", "linear1/w", "linear1/b"
  };

  @ParameterizedTest
  @MethodSource("rules")
  void whatIsFrozenForGoodKeepsEveryBitAndTheRestDoesNotKnow(UpdateRule rule) {
    TrainState free = trained(rule, ParameterGroups.NONE, RATE, STEPS);
    TrainState before = trained(rule, ParameterGroups.NONE, RATE, 0);
    TrainState held = trained(rule, frozen("a/*", 1, Integer.MAX_VALUE), RATE, STEPS);
    assertSame(before, held, "a/w", "a/b");
    assertSame(free, held, "conv2/w", "conv2/b", "linear1/w", "linear1/b");
  }

  @ParameterizedTest
  @MethodSource("rules")
  void whatIsFrozenFromAnEpochOnStaysAsThatFoundIt(UpdateRule rule) {
    TrainState early = trained(rule, ParameterGroups.NONE, RATE, 4);
    TrainState held = trained(rule, frozen("*/w", 3, Integer.MAX_VALUE), RATE, STEPS);
    assertSame(early, held, "a/w", "conv2/w", "linear1/w");
    assertSame(trained(rule, ParameterGroups.NONE, RATE, STEPS), held, "a/b", "linear1/b");
  }

  @ParameterizedTest
  @MethodSource("rules")
  void whatIsFrozenUntilAnEpochBeginsThere(UpdateRule rule) {
    TrainState before = trained(rule, ParameterGroups.NONE, RATE, 0);
    assertSame(before, trained(rule, frozen("*", 1, 2), RATE, 4), ALL);
    float[] after = trained(rule, frozen("*", 1, 2), RATE, 5).weights();
    assertEquals(false, Arrays.equals(before.weights(), after));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aRateOfOnesOwnIsThatOfATrainingWithIt(UpdateRule rule) {
    TrainState fast = trained(rule, ParameterGroups.NONE, 2 * RATE, STEPS);
    TrainState usual = trained(rule, ParameterGroups.NONE, RATE, STEPS);
    TrainState both = trained(rule, rate("c*/*", 2), RATE, STEPS);
    assertSame(fast, both, "conv2/w", "conv2/b");
    assertSame(usual, both, "a/w", "a/b", "linear1/w", "linear1/b");
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aDecayOfOnesOwnIsThatOfATrainingWithIt(UpdateRule rule) {
    TrainState usual = trained(rule, ParameterGroups.NONE, RATE, STEPS);
    TrainState none = trained(rule, decay("*", 0), RATE, STEPS);
    TrainState both = trained(rule, decay("*/w", 0), RATE, STEPS);
    assertSame(none, both, "a/w", "conv2/w", "linear1/w");
    assertSame(usual, both, "a/b", "conv2/b", "linear1/b");
    assertEquals(false, Arrays.equals(usual.weights(), none.weights()));
  }

  /** As if its gradient were 0. */
  @Test
  void whatIsFrozenForGoodTakesNoPartInTheLimitOfTheGradientsLength() {
    UpdateRule rule = new UpdateRule.Sgd(0, 0);
    TrainSpec.Clipping limit = new TrainSpec.Clipping(0, 0.01f);
    TrainState held = trained(rule, limit, frozen("*/w", 1, Integer.MAX_VALUE), 1, 1);
    double squares = 0;
    for (String name : new String[] {"a/b", "conv2/b", "linear1/b"}) {
      float[] before = values(name, start);
      float[] after = values(name, held.weights());
      for (int i = 0; i < before.length; i++) {
        squares += Math.pow(before[i] - after[i], 2);
      }
    }
    assertEquals(0.01, Math.sqrt(squares), 1e-6);
  }

  /** Frobenius lengths before each step are sqrt(outputs): so is what the last one began with. */
  @Test
  void normalizedMatricesBeginEachStepWithTheRootOfTheirOutputs() {
    UpdateRule others = new UpdateRule.Sgd(0.5f, true, UpdateRule.Decay.NONE);
    UpdateRule rule =
        new UpdateRule.Muon(
            0.5f, new UpdateRule.Muon.Form(false, 3, true), others, UpdateRule.Decay.NONE);
    float[] after = trained(rule, ParameterGroups.NONE, 1e-9f, 1).weights();
    assertEquals(Math.sqrt(5), length(values("a/w", after)), 1e-6);
    assertEquals(Math.sqrt(3), length(values("conv2/w", after)), 1e-6);
    assertEquals(length(values("linear1/w", start)), length(values("linear1/w", after)), 1e-6);
  }

  private static double length(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }

  @ParameterizedTest
  @CsvSource({
    "a/w, true",
    "*, true",
    "*/b, false",
    "a/*, true",
    "a*w, true",
    "a, false",
    "/w, false",
    "A/w, false",
    "*a/w*, true",
    "a.w, false"
  })
  void aStarStandsForAnyCharacters(String text, boolean fits) {
    assertEquals(fits, pattern(text).fits(NETWORK.program().parameters().get(0)));
  }

  @Test
  void aRuleThatTreatsAllAlikeRefusesGroups() {
    UpdateRule lars = new UpdateRule.Lars(0.1f, 0, UpdateRule.Decay.NONE);
    assertThrows(IllegalArgumentException.class, () -> trained(lars, rate("*", 2), RATE, 1));
  }
}
