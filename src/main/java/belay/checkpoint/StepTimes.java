package belay.checkpoint;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Where the time of a training step goes: what profile.json holds.
 *
 * @param device that computed
 * @param precision fp32, tf32, bf16 or fp16
 * @param batch that training was set to
 * @param images of the step, fewer where there are no more
 * @param stepSeconds of a whole step, median; less than its operations together where they overlap
 * @param measured when
 * @param operations in the order in which they run
 */
public record StepTimes(
    String device,
    String precision,
    int batch,
    int images,
    double stepSeconds,
    Instant measured,
    List<Operation> operations) {
  public StepTimes {
    device = Objects.requireNonNullElse(device, "");
    precision = Objects.requireNonNullElse(precision, "");
    operations = List.copyOf(operations);
  }

  /**
   * One operation.
   *
   * @param name of the kernel or primitive that runs
   * @param layer of the network; null where the name says it all
   * @param pass forward, backward or update; null where the name says it all
   * @param seconds in a step
   * @param flop floating-point operations in a step; 0 where memory is what costs
   */
  public record Operation(String name, String layer, String pass, double seconds, long flop) {
    public Operation {
      Objects.requireNonNull(name, "name");
    }
  }
}
