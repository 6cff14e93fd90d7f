package belay.doctor;

import belay.backend.Backend;
import belay.backend.Precision;
import belay.backend.StepScalars;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.backend.reference.ReferenceBackend;
import belay.data.ImageSet;
import belay.data.RowOrder;
import belay.data.SyntheticImages;
import belay.net.Initializer;
import belay.net.Network;
import belay.net.Slot;
import belay.net.TrainState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How far a device's gradient of one small network, over a minibatch of 100 images, lies from the
 * reference's. The gradient of every parameter depends on every operation's forward and backward
 * pass.
 *
 * @param largest of the differences
 * @param mean of the differences
 * @param relative |device - reference|_2 / |reference|_2
 */
public record OperationCheck(
    String operations, Precision precision, double largest, double mean, double relative) {
  public static final String HEADING =
      "%-6s %-44s %12s %12s %12s"
          .formatted("", "gradient of, or SVM part", "largest", "mean", "relative");

  private static final int IMAGES = 100;
  private static final int SIDE = 16;

  /** Each operation, with the neighbours that a device may fuse it with. */
  private static final Map<String, String> NETWORKS = new LinkedHashMap<>();

  static {
    NETWORKS.put("conv 1x1", "conv 16 kernel=1; latent; conv 3 kernel=1");
    NETWORKS.put("conv 3x3", "conv 16; latent; conv 3");
    NETWORKS.put("conv 5x5", "conv 16 kernel=5; latent; conv 3 kernel=5");
    NETWORKS.put("conv, relu", "conv 16; relu; latent; conv 16; relu; conv 3");
    NETWORKS.put(
        "conv, relu, maxpool; upsample, conv",
        "conv 32; relu; maxpool 2; conv 16; relu; maxpool 2; latent;"
            + " conv 16; relu; upsample 2; conv 32; relu; upsample 2; conv 3");
    NETWORKS.put("maxpool 4; upsample 4", "conv 8; maxpool 4; latent; upsample 4; conv 3");
  }

  /** The mantissas' rounding, through a few layers. */
  private static double tolerance(Precision precision) {
    return switch (precision) {
      case FP32 -> 1e-4;
      case TF32, FP16 -> 1e-2;
      case BF16 -> 5e-2;
    };
  }

  public boolean passes() {
    return relative <= tolerance(precision);
  }

  /** All networks on one device. */
  public static List<OperationCheck> all(Backend device, Precision precision) {
    List<OperationCheck> checks = new ArrayList<>();
    NETWORKS.forEach((name, layers) -> checks.add(of(name, layers, device, precision)));
    return checks;
  }

  private static OperationCheck of(
      String name, String layers, Backend device, Precision precision) {
    String text = "input %dx%dx3; %s".formatted(SIDE, SIDE, layers).replace(";", "\n");
    Network network = Network.parse("doctor", text);
    ImageSet images = new SyntheticImages(1, SIDE, SIDE).dataset(IMAGES, 1).train();
    try (Backend reference = new ReferenceBackend()) {
      float[] expected = gradient(reference, Precision.FP32, network, images);
      return compare(name, precision, expected, gradient(device, precision, network, images));
    }
  }

  private static float[] gradient(
      Backend device, Precision precision, Network network, ImageSet images) {
    TrainSpec spec =
        new TrainSpec(
            IMAGES,
            TrainSpec.usualShards(IMAGES),
            1,
            new UpdateRule.Sgd(0, 0),
            TrainSpec.Clipping.NONE,
            precision);
    TrainState start =
        TrainState.initial(network, Initializer.HE.initialize(network, 1), spec.rule().slots());
    try (TrainPlan plan = device.compileTraining(network, spec, images, images, start)) {
      plan.step(RowOrder.identity(IMAGES), new StepScalars(0));
      return plan.snapshot().slot(Slot.FIRST_MOMENT); // without momentum, the gradient itself
    }
  }

  static OperationCheck compare(
      String name, Precision precision, float[] expected, float[] actual) {
    double largest = 0;
    double sum = 0;
    double squares = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs((double) actual[i] - expected[i]);
      largest = Math.max(largest, difference);
      sum += difference;
      squares += difference * difference;
      norm += (double) expected[i] * expected[i];
    }
    return new OperationCheck(
        name, precision, largest, sum / expected.length, Math.sqrt(squares / norm));
  }

  @Override
  public String toString() {
    return "%-6s %-44s %12.2e %12.2e %12.2e %s"
        .formatted(
            precision.name().toLowerCase(Locale.ROOT),
            operations,
            largest,
            mean,
            relative,
            passes() ? "right" : "WRONG: do not use this device, and report it");
  }
}
