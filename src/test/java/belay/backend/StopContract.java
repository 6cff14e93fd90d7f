package belay.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import belay.data.ImageSet;
import belay.data.RowOrder;
import belay.error.StoppedException;
import belay.net.Initializer;
import belay.net.Mark;
import belay.net.Network;
import belay.net.Slot;
import belay.net.TrainState;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a backend with a stop flag must do when the flag is raised in the middle of a call. */
public interface StopContract {
  int BATCH = 37;
  Network NETWORK = BackendContract.network(BackendContract.networks().get(9));
  ImageSet IMAGES = new RandomInputs(21).images(NETWORK, 50);

  /** A new backend; closed by the test. */
  Backend backend(BooleanSupplier stop);

  /** Raised for some of the questions after {@link #raise}, by whichever thread they come. */
  final class Flag implements BooleanSupplier {
    private final AtomicInteger asked = new AtomicInteger();
    private volatile int from = Integer.MAX_VALUE;
    private volatile int to;

    /** Answers true to questions number from to number to, counted from now and from 1. */
    void raise(int from, int to) {
      asked.set(0);
      this.from = from;
      this.to = to;
    }

    /** Questions since the last call of raise or lower. */
    int asked() {
      return asked.get();
    }

    void lower() {
      raise(Integer.MAX_VALUE, 0);
    }

    @Override
    public boolean getAsBoolean() {
      int number = asked.incrementAndGet();
      return from <= number && number <= to;
    }
  }

  /**
   * The second of three steps is stopped and repeated.
   *
   * @param share of the step's questions that go by before the flag is raised
   * @param once whether one thread alone sees the flag raised
   */
  @ParameterizedTest
  @CsvSource({"0, true", "0.5, true", "0.5, false", "1, true"})
  default void aStepThatIsStoppedLeavesNoTrace(double share, boolean once) {
    Flag flag = new Flag();
    try (Backend device = backend(flag);
        TrainPlan plan = plan(device)) {
      flag.lower();
      step(plan, 1);
      int from = 1 + (int) (share * (flag.asked() - 1));
      TrainState before = plan.snapshot();
      flag.raise(from, once ? from : Integer.MAX_VALUE);
      assertThrows(StoppedException.class, () -> step(plan, 2));
      assertSameBits(before, plan.snapshot());
      flag.lower();
      step(plan, 2);
      step(plan, 3);
      assertSameBits(undisturbed(), plan.snapshot());
    }
  }

  private TrainState undisturbed() {
    try (Backend device = backend(() -> false);
        TrainPlan plan = plan(device)) {
      step(plan, 1);
      step(plan, 2);
      step(plan, 3);
      return plan.snapshot();
    }
  }

  private static TrainPlan plan(Backend device) {
    UpdateRule adam = new UpdateRule.Adam(0.9f, 0.999f, 1e-8f, 0, false);
    TrainSpec spec =
        new TrainSpec(
            BATCH, TrainSpec.usualShards(BATCH), 1, adam, TrainSpec.Clipping.NONE, Precision.FP32);
    TrainState start =
        TrainState.initial(NETWORK, Initializer.HE.initialize(NETWORK, 3), adam.slots());
    return device.compileTraining(NETWORK, spec, IMAGES, IMAGES, start);
  }

  private static void step(TrainPlan plan, int number) {
    plan.step(new RandomInputs(number).rows(BATCH, 50), new StepScalars(1e-3f * number));
  }

  private static void assertSameBits(TrainState expected, TrainState actual) {
    assertArrayEquals(expected.weights(), actual.weights());
    assertArrayEquals(expected.slot(Slot.FIRST_MOMENT), actual.slot(Slot.FIRST_MOMENT));
    assertArrayEquals(expected.slot(Slot.SECOND_MOMENT), actual.slot(Slot.SECOND_MOMENT));
    assertEquals(expected.step(), actual.step());
    assertEquals(expected.tally().lossSum(), actual.tally().lossSum());
    assertEquals(expected.tally().images(), actual.tally().images());
  }

  @Test
  default void anEvaluationThatIsStoppedCanBeRepeated() {
    Flag flag = new Flag();
    int[] rows = RowOrder.identity(BATCH);
    try (Backend device = backend(flag);
        TrainPlan plan = plan(device)) {
      Evaluation expected = plan.evaluate(rows);
      flag.raise(3, Integer.MAX_VALUE);
      assertThrows(StoppedException.class, () -> plan.evaluate(rows));
      flag.lower();
      assertEquals(expected, plan.evaluate(rows));
    }
  }

  @Test
  default void encodingThatIsStoppedCanBeRepeated() {
    Flag flag = new Flag();
    float[] weights = Initializer.HE.initialize(NETWORK, 3);
    float[] expected = new float[BATCH * NETWORK.latent().size()];
    float[] actual = new float[expected.length];
    try (Backend device = backend(flag);
        EncodePlan plan = device.compileEncoding(NETWORK, Mark.LATENT, BATCH, IMAGES, weights)) {
      plan.encode(5, BATCH, expected);
      flag.raise(3, Integer.MAX_VALUE);
      assertThrows(StoppedException.class, () -> plan.encode(5, BATCH, actual));
      flag.lower();
      plan.encode(5, BATCH, actual);
      assertArrayEquals(expected, actual);
    }
  }

  /** Several tiles or panels; few left samples take another way in the reference backend. */
  @ParameterizedTest
  @ValueSource(ints = {3, 300})
  default void aKernelBlockThatIsStoppedCanBeRepeated(int height) {
    Flag flag = new Flag();
    FloatMatrix samples = new RandomInputs(22).matrix(1200, 20);
    float[] expected = new float[height * 1200];
    float[] actual = new float[expected.length];
    try (Backend device = backend(flag);
        KernelRows rows = device.kernelRows(samples, samples, new KernelFunction.Rbf(0.01))) {
      rows.block(0, height, 0, 1200, expected);
      flag.raise(2, Integer.MAX_VALUE);
      assertThrows(StoppedException.class, () -> rows.block(0, height, 0, 1200, actual));
      flag.lower();
      rows.block(0, height, 0, 1200, actual);
      assertArrayEquals(expected, actual);
    }
  }

  @Test
  default void takingInSamplesEndsWhenAskedToStop() {
    Flag flag = new Flag();
    FloatMatrix samples = new RandomInputs(22).matrix(100, 20);
    try (Backend device = backend(flag)) {
      flag.raise(50, Integer.MAX_VALUE);
      assertThrows(
          StoppedException.class,
          () -> device.kernelRows(samples, samples, new KernelFunction.Linear()));
    }
  }
}
