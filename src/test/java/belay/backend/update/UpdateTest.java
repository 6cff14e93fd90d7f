package belay.backend.update;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.BackendContract;
import belay.backend.Precision;
import belay.backend.RandomInputs;
import belay.backend.StepScalars;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.net.Network;
import belay.net.Parameter;
import belay.net.Role;
import belay.net.Slot;
import belay.net.Tally;
import belay.net.TrainState;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * Five steps of each rule against its closed form in f64, in which a state is a sum over the
 * gradients of all steps instead of a recurrence. The network has kernels, biases, scales, shifts
 * and statistics.
 */
class UpdateTest {
  private static final Network NETWORK =
      BackendContract.network("input 4x4x2; conv 3; batchnorm; relu; latent; conv 2");
  private static final int COUNT = NETWORK.parameterCount();
  private static final int STEPS = 5;
  private static final float RATE = 0.01f;

  /** f32 rounding of five steps, weights near 0.5. */
  private static final double TOLERANCE = 1e-6;

  private final float[] start = new RandomInputs(1).gaussian(NETWORK.weightCount(), 0.5);
  private final float[][] gradients = new float[STEPS][];

  UpdateTest() {
    RandomInputs random = new RandomInputs(2);
    Arrays.setAll(gradients, t -> random.gaussian(COUNT, 0.3));
  }

  /** Of a step, from 1; by how much a parameter falls in it. */
  private interface Fall {
    double of(double[][] g, int i, int step);
  }

  private static TrainSpec spec(UpdateRule rule) {
    return new TrainSpec(8, 8, 1, rule, TrainSpec.Clipping.NONE, Precision.FP32);
  }

  private static TrainSpec averaged(UpdateRule rule, TrainSpec.Average average) {
    TrainSpec plain = spec(rule);
    return new TrainSpec(
        plain.batch(),
        plain.shards(),
        plain.smoothing(),
        plain.augmentation(),
        plain.seed(),
        rule,
        plain.clipping(),
        average,
        plain.precision());
  }

  private TrainState trained(UpdateRule rule) {
    return trained(spec(rule));
  }

  private TrainState trained(TrainSpec spec) {
    Update update = new Update(NETWORK, spec, TrainState.initial(NETWORK, start, spec.slots()));
    apply(update, 0, STEPS);
    return update.snapshot(Tally.NONE);
  }

  private void apply(Update update, int from, int to) {
    for (int t = from; t < to; t++) {
      update.apply(gradients[t].clone(), new StepScalars(RATE));
    }
  }

  private double[][] exact() {
    double[][] g = new double[STEPS][COUNT];
    for (int t = 0; t < STEPS; t++) {
      for (int i = 0; i < COUNT; i++) {
        g[t][i] = gradients[t][i];
      }
    }
    return g;
  }

  private void assertFalls(UpdateRule rule, Fall fall) {
    assertFalls(rule, 1, fall);
  }

  /**
   * @param keep what each step multiplies the weights by before they fall
   */
  private void assertFalls(UpdateRule rule, double keep, Fall fall) {
    float[] weights = trained(rule).weights();
    double[][] g = exact();
    for (int i = 0; i < COUNT; i++) {
      double expected = start[i];
      for (int t = 1; t <= STEPS; t++) {
        expected = keep * expected - fall.of(g, i, t);
      }
      assertEquals(expected, weights[i], TOLERANCE, rule + " of parameter " + i);
    }
  }

  /** sum over s <= t of factor^(t - s) value(s). */
  private static double faded(double factor, int t, IntToDoubleFunction value) {
    double sum = 0;
    for (int s = 1; s <= t; s++) {
      sum += Math.pow(factor, t - s) * value.applyAsDouble(s);
    }
    return sum;
  }

  @Test
  void momentumFadesOldGradients() {
    assertFalls(new UpdateRule.Sgd(0.8f, 0), (g, i, t) -> RATE * faded(0.8, t, s -> g[s - 1][i]));
  }

  /** Nesterov's gradient weighs 1 + momentum, the one k steps before it momentum^(k + 1). */
  @Test
  void nesterovLooksAStepAhead() {
    assertFalls(
        new UpdateRule.Sgd(0.8f, true, UpdateRule.Decay.NONE),
        (g, i, t) -> RATE * (g[t - 1][i] + 0.8 * faded(0.8, t, s -> g[s - 1][i])));
  }

  private static final Fall ADAM =
      (g, i, t) -> {
        double mean = faded(0.9, t, s -> g[s - 1][i]) / faded(0.9, t, s -> 1);
        double square = faded(0.99, t, s -> g[s - 1][i] * g[s - 1][i]) / faded(0.99, t, s -> 1);
        return RATE * mean / (Math.sqrt(square) + 1e-3);
      };

  @Test
  void adamDividesTheMeanByTheRootOfTheMeanSquare() {
    assertFalls(new UpdateRule.Adam(0.9f, 0.99f, 1e-3f, 0, false), ADAM);
  }

  @Test
  void adamWShrinksTheWeightsBesideItsUpdate() {
    assertFalls(new UpdateRule.Adam(0.9f, 0.99f, 1e-3f, 0.25f, true), 1 - RATE * 0.25, ADAM);
  }

  @Test
  void adagradDividesByTheLengthOfAllGradientsSoFar() {
    assertFalls(
        new UpdateRule.Adagrad(1e-3f, UpdateRule.Decay.NONE),
        (g, i, t) -> {
          double squares = faded(1, t, s -> g[s - 1][i] * g[s - 1][i]);
          return RATE * g[t - 1][i] / (Math.sqrt(squares) + 1e-3);
        });
  }

  @Test
  void rmsPropDividesByTheRootOfTheFadedSquaresAndThenTakesMomentum() {
    assertFalls(
        new UpdateRule.RmsProp(0.9f, 1e-2f, 0.7f, UpdateRule.Decay.NONE),
        (g, i, t) ->
            RATE
                * faded(
                    0.7,
                    t,
                    s -> {
                      double square = 0.1 * faded(0.9, s, r -> g[r - 1][i] * g[r - 1][i]);
                      return g[s - 1][i] / (Math.sqrt(square) + 1e-2);
                    }));
  }

  /** The first step alone, whose lengths are known. */
  @Test
  void larsMovesAKernelByAShareOfItsOwnLength() {
    UpdateRule.Decay decay = new UpdateRule.Decay(0.1f, 0, UpdateRule.Reach.KERNELS);
    TrainSpec spec = spec(new UpdateRule.Lars(0.02f, 0.9f, decay));
    Update update = new Update(NETWORK, spec, TrainState.initial(NETWORK, start, spec.slots()));
    apply(update, 0, 1);
    for (Parameter parameter : NETWORK.program().parameters()) {
      boolean isKernel = parameter.role() == Role.KERNEL;
      double w = length(start, parameter);
      double ratio = isKernel ? 0.02 * w / (length(gradients[0], parameter) + 0.1 * w) : 1;
      for (int i = parameter.offset(); i < parameter.end(); i++) {
        double g = gradients[0][i] + (isKernel ? 0.1 * start[i] : 0);
        assertEquals(start[i] - RATE * ratio * g, update.weights()[i], TOLERANCE);
      }
    }
  }

  /** A rate that grows tenfold does not change what momentum has kept of the steps before. */
  @Test
  void larsKeepsItsRateInItsMomentum() {
    TrainSpec spec = spec(new UpdateRule.Lars(1, 0.5f, UpdateRule.Decay.NONE));
    Update update = new Update(NETWORK, spec, TrainState.initial(NETWORK, start, spec.slots()));
    update.apply(gradients[0].clone(), new StepScalars(RATE));
    float[] first = update.snapshot(Tally.NONE).slot(Slot.FIRST_MOMENT);
    float[] before = update.weights().clone();
    update.apply(new float[COUNT], new StepScalars(10 * RATE));
    for (int i = 0; i < COUNT; i++) {
      assertEquals(before[i] - 0.5 * first[i], update.weights()[i], TOLERANCE);
    }
  }

  private static double length(float[] vector, Parameter parameter) {
    double squares = 0;
    for (int i = parameter.offset(); i < parameter.end(); i++) {
      squares += (double) vector[i] * vector[i];
    }
    return Math.sqrt(squares);
  }

  @Test
  void aKernelOfZerosFollowsLarsAsSgdDoes() {
    Arrays.fill(start, 0);
    TrainState lars = trained(new UpdateRule.Lars(1e-3f, 0, UpdateRule.Decay.NONE));
    Arrays.stream(new int[] {0, COUNT - 1}).forEach(i -> assertNotEquals(0, lars.weights()[i]));
  }

  @Test
  void decayPullsParametersOfTheRolesThatItReaches() {
    gradients[0] = new float[COUNT];
    for (UpdateRule.Reach reach : UpdateRule.Reach.values()) {
      for (boolean decoupled : new boolean[] {false, true}) {
        UpdateRule.Decay decay = new UpdateRule.Decay(0.5f, 0, reach);
        TrainSpec spec = spec(new UpdateRule.Adam(0.9f, 0.999f, 1, decay, decoupled));
        Update update = new Update(NETWORK, spec, TrainState.initial(NETWORK, start, spec.slots()));
        apply(update, 0, 1);
        for (Parameter parameter : NETWORK.program().parameters()) {
          int i = parameter.offset();
          boolean isReached = reach == UpdateRule.Reach.ALL || parameter.role() == Role.KERNEL;
          assertEquals(isReached, start[i] != update.weights()[i], parameter.name());
          assertTrue(Math.abs(update.weights()[i]) <= Math.abs(start[i]), parameter.name());
        }
      }
    }
  }

  @Test
  void elasticNetPullsBySizeAndBySign() {
    start[1] = 0;
    start[2] = -0.25f;
    gradients[0] = new float[COUNT];
    UpdateRule.Decay decay = new UpdateRule.Decay(0.5f, 0.125f, UpdateRule.Reach.ALL);
    TrainSpec spec = spec(new UpdateRule.Sgd(0, false, decay));
    Update update = new Update(NETWORK, spec, TrainState.initial(NETWORK, start, spec.slots()));
    apply(update, 0, 1);
    float[] pull = update.snapshot(Tally.NONE).slot(Slot.FIRST_MOMENT);
    assertEquals(0, pull[1]);
    assertEquals(-0.25f, pull[2]);
    for (int i = 0; i < COUNT; i++) {
      assertEquals(0.5 * start[i] + 0.125 * Math.signum(start[i]), pull[i], TOLERANCE);
    }
  }

  @Test
  void noRuleTouchesStatistics() {
    for (TrainSpec spec : BackendContract.specs()) {
      float[] weights = trained(spec).weights();
      float[] statistics = Arrays.copyOfRange(weights, COUNT, weights.length);
      assertArrayEquals(Arrays.copyOfRange(start, COUNT, start.length), statistics);
    }
  }

  /** Up to 1 / (1 - decay) steps the mean, from then on an exponential one. */
  @Test
  void theAverageIsAMeanAtFirstAndFadesLater() {
    UpdateRule rule = new UpdateRule.Sgd(0, 0);
    TrainSpec.Average average = new TrainSpec.Average(0.75f);
    TrainSpec spec = averaged(rule, average);
    Update update = new Update(NETWORK, spec, TrainState.initial(NETWORK, start, spec.slots()));
    double[] sum = new double[COUNT];
    for (int t = 0; t < 4; t++) {
      apply(update, t, t + 1);
      for (int i = 0; i < COUNT; i++) {
        sum[i] += update.weights()[i];
      }
    }
    float[] mean = update.snapshot(Tally.NONE).slot(Slot.AVERAGE);
    apply(update, 4, 5);
    float[] later = update.snapshot(Tally.NONE).slot(Slot.AVERAGE);
    for (int i = 0; i < COUNT; i++) {
      assertEquals(sum[i] / 4, mean[i], TOLERANCE);
      assertEquals(0.75 * mean[i] + 0.25 * update.weights()[i], later[i], TOLERANCE);
    }
  }

  @Test
  void inferenceTakesTheAverageAndTheStatisticsAsTheyAre() {
    TrainSpec.Average average = new TrainSpec.Average(0.9f);
    TrainSpec spec = averaged(new UpdateRule.Sgd(0, 0), average);
    TrainState state = trained(spec);
    float[] used = state.inferenceWeights();
    assertArrayEquals(state.slot(Slot.AVERAGE), Arrays.copyOf(used, COUNT));
    assertArrayEquals(
        Arrays.copyOfRange(start, COUNT, start.length),
        Arrays.copyOfRange(used, COUNT, used.length));
  }
}
