package belay.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import belay.backend.Backend;
import belay.backend.BackendContract;
import belay.backend.Precision;
import belay.backend.RandomInputs;
import belay.backend.StepScalars;
import belay.backend.StopContract;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.data.ImageSet;
import belay.data.RowOrder;
import belay.error.DeviceException;
import belay.net.Network;
import belay.net.Operation;
import belay.net.Slot;
import belay.net.TrainState;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract, and the reference against finite differences. */
class ReferenceBackendTest implements BackendContract, StopContract {
  private static final TrainSpec DESCENT =
      new TrainSpec(8, 8, 1, new UpdateRule.Sgd(0, 0), TrainSpec.Clipping.NONE, Precision.FP32);

  @Override
  public Backend backend() {
    return new ReferenceBackend();
  }

  @Override
  public Backend backend(BooleanSupplier stop) {
    return new ReferenceBackend(stop);
  }

  /**
   * The derivative along random directions. The loss is piecewise smooth: steps of 1e-3 stay on one
   * piece but for a few units, whose share is far below the tolerance of 1 %.
   */
  @ParameterizedTest
  @MethodSource("belay.backend.BackendContract#networks")
  void gradientEqualsFiniteDifferences(String layers) {
    Network network = BackendContract.network(layers);
    RandomInputs random = new RandomInputs(10);
    ImageSet images = random.images(network, 8);
    float[] weights = random.gaussian(network.parameterCount(), 0.3);
    float[] gradient = gradient(network, images, weights);
    double norm = Math.sqrt(dot(gradient, gradient));
    for (int repetition = 0; repetition < 4; repetition++) {
      float[] direction = random.gaussian(weights.length, 1);
      double step = 1e-3 / Math.sqrt(dot(direction, direction)) * Math.sqrt(weights.length) * 0.1;
      double ahead = loss(network, images, moved(weights, direction, step));
      double behind = loss(network, images, moved(weights, direction, -step));
      assertEquals(
          dot(gradient, direction),
          (ahead - behind) / (2 * step),
          0.01 * norm * Math.sqrt(dot(direction, direction) / weights.length));
    }
  }

  @Test
  void theContractRunsEveryOperationAndEveryUpdateRule() {
    assertEquals(
        Set.of(Operation.class.getPermittedSubclasses()),
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

  private float[] gradient(Network network, ImageSet images, float[] weights) {
    try (Backend device = backend();
        TrainPlan plan = plan(device, network, images, weights)) {
      plan.step(RowOrder.identity(images.count()), new StepScalars(1));
      return plan.snapshot().slot(Slot.FIRST_MOMENT);
    }
  }

  private double loss(Network network, ImageSet images, float[] weights) {
    try (Backend device = backend();
        TrainPlan plan = plan(device, network, images, weights)) {
      return plan.evaluate(RowOrder.identity(images.count())).meanSquaredError();
    }
  }

  private static TrainPlan plan(Backend device, Network network, ImageSet images, float[] weights) {
    return device.compileTraining(
        network,
        DESCENT,
        images,
        images,
        TrainState.initial(network, weights, DESCENT.rule().slots()));
  }

  private static float[] moved(float[] weights, float[] direction, double step) {
    float[] moved = weights.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += (float) (step * direction[i]);
    }
    return moved;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
