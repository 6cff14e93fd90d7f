package belay.doctor;

import belay.backend.Backend;
import belay.backend.Precision;
import belay.backend.reference.ReferenceBackend;
import java.util.List;
import java.util.Locale;

/**
 * How far a device's gradient of one network lies from the reference's. The gradient of every
 * parameter depends on every operation's forward and backward pass.
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
    return Probe.all().stream().map(probe -> of(probe, device, precision)).toList();
  }

  private static OperationCheck of(Probe probe, Backend device, Precision precision) {
    try (Backend reference = new ReferenceBackend()) {
      float[] expected = probe.gradient(reference, Precision.FP32, probe.distinct());
      float[] actual = probe.gradient(device, precision, probe.images());
      return compare(probe.name(), precision, expected, actual);
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
