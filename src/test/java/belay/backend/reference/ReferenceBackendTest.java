package belay.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import belay.backend.Backend;
import belay.backend.BackendContract;
import belay.backend.DoubleForward;
import belay.backend.DoubleMinibatch;
import belay.backend.EncodePlan;
import belay.backend.Likeness;
import belay.backend.OperationKinds;
import belay.backend.Precision;
import belay.backend.RandomInputs;
import belay.backend.StopContract;
import belay.backend.TrainSpec;
import belay.backend.Trial;
import belay.backend.UpdateRule;
import belay.data.ImageSet;
import belay.error.DeviceException;
import belay.net.Mark;
import belay.net.Network;
import belay.net.Parameter;
import belay.net.Slot;
import belay.net.TrainState;
import java.util.Arrays;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract, and the reference against finite differences. */
class ReferenceBackendTest implements BackendContract, StopContract {
  @Override
  public Backend backend() {
    return new ReferenceBackend();
  }

  @Override
  public Backend backend(BooleanSupplier stop) {
    return new ReferenceBackend(stop);
  }

  /**
   * Each parameter at some places and all together along some directions. The loss is piecewise
   * smooth and in double: a step of 1e-7 stays on one piece and leaves nine digits.
   */
  @ParameterizedTest
  @MethodSource("belay.backend.BackendContract#manyNetworks")
  void gradientEqualsFiniteDifferences(String layers) {
    Trial trial = Trial.of(layers);
    float[] expected = new float[trial.network().parameterCount()];
    float[] gradient = trial.step(backend(), Precision.FP32).slot(Slot.FIRST_MOMENT);
    System.arraycopy(gradient, 0, expected, 0, expected.length);
    for (Parameter parameter : trial.network().program().parameters()) {
      int stride = 1 + parameter.size() / 5;
      for (int i = parameter.offset(); i < parameter.end(); i += stride) {
        expected[i] = (float) slope(trial, axis(trial, i));
      }
    }
    new Likeness(trial.network(), 1e-4).assertAlikeByParameter(expected, gradient);
    for (int i = 0; i < 3; i++) {
      float[] direction = new RandomInputs(30 + i).gaussian(trial.weights().length, 1);
      Arrays.fill(direction, gradient.length, direction.length, 0);
      double norm = Math.sqrt(dot(gradient, gradient));
      assertEquals(slope(trial, direction), dot(gradient, direction), 1e-4 * norm);
    }
  }

  private static double slope(Trial trial, float[] direction) {
    return trial.minibatch().slope(trial.weights(), direction, 1e-7);
  }

  private static float[] axis(Trial trial, int i) {
    float[] axis = new float[trial.weights().length];
    axis[i] = 1;
    return axis;
  }

  @ParameterizedTest
  @MethodSource("belay.backend.BackendContract#manyNetworks")
  void lossStatisticsAndMarkedValuesEqualTheSameInDouble(String layers) {
    Trial trial = Trial.of(layers);
    Likeness likeness = new Likeness(trial.network(), 2e-6);
    TrainState after = trial.step(backend(), Precision.FP32);
    double[] weights = widened(trial.weights());
    double loss = trial.minibatch().loss(weights);
    assertEquals(loss, after.tally().lossSum() / trial.rows().length, 1e-6 * loss);
    likeness.assertAlikeByStatistic(
        rounded(trial.minibatch().statistics(trial.weights())), after.weights());
    trial
        .network()
        .program()
        .marks()
        .forEach(
            (mark, value) -> {
              DoubleForward exact =
                  DoubleMinibatch.inference(trial.network(), trial.images(), trial.weights());
              likeness.assertAlike(
                  mark.toString(), rounded(exact.value(value)), encoded(trial, mark));
            });
  }

  private float[] encoded(Trial trial, Mark mark) {
    int images = trial.images().count();
    int size = trial.network().program().shape(trial.network().program().value(mark)).size();
    float[] values = new float[images * size];
    try (Backend device = backend();
        EncodePlan plan =
            device.compileEncoding(
                trial.network(), mark, images, trial.images(), trial.weights())) {
      plan.encode(0, images, values);
    }
    return values;
  }

  private static float[] rounded(double[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return rounded;
  }

  private static double[] widened(float[] values) {
    double[] widened = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      widened[i] = values[i];
    }
    return widened;
  }

  @Test
  void theContractRunsEveryOperationAndEveryUpdateRule() {
    assertEquals(
        OperationKinds.all(),
        BackendContract.networks().stream()
            .flatMap(layers -> BackendContract.network(layers).program().operations().stream())
            .map(Object::getClass)
            .collect(Collectors.toSet()));
    assertEquals(
        Set.of(UpdateRule.class.getPermittedSubclasses()),
        BackendContract.specs().stream()
            .map(spec -> spec.rule().getClass())
            .collect(Collectors.toSet()));
  }

  @Test
  void refusesOtherPrecisionsThanFp32() {
    Network network = BackendContract.network(BackendContract.networks().get(1));
    ImageSet images = new RandomInputs(1).images(network, 1);
    TrainSpec spec =
        new TrainSpec(1, 1, 1, new UpdateRule.Sgd(0, 0), TrainSpec.Clipping.NONE, Precision.BF16);
    TrainState start =
        TrainState.initial(network, new float[network.parameterCount()], spec.rule().slots());
    assertThrows(
        DeviceException.class,
        () -> backend().compileTraining(network, spec, images, images, start));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < Math.min(a.length, b.length); i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
