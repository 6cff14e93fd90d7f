package belay.checkpoint;

import java.time.Instant;
import java.util.List;

/**
 * Where the time of a training step goes: what profile.json holds.
 *
 * @param device that computed
 * @param precision fp32, tf32, bf16 or fp16
 * @param batch images of the step
 * @param stepSeconds of a whole step, median; less than its operations together where they overlap
 * @param measured when
 * @param operations in the order in which they run
 */
public record StepTimes(
    String device,
    String precision,
    int batch,
    double stepSeconds,
    Instant measured,
    List<Operation> operations) {

  /**
   * One operation.
   *
   * @param name of the kernel or primitive that runs
   * @param layer of the network; null where the name says it all
   * @param pass forward, backward or update; null where the name says it all
   * @param seconds in a step
   * @param flop floating-point operations in a step; 0 where memory is what costs
   */
  public record Operation(String name, String layer, String pass, double seconds, long flop) {}
}
