package belay.view;

import java.util.List;

/**
 * Where the time of a training step goes.
 *
 * @param device that was measured
 * @param stepSeconds wall time of a whole step
 * @param operations in the order they run
 */
public record StepView(String device, int images, double stepSeconds, List<Operation> operations) {
  public StepView {
    operations = List.copyOf(operations);
  }

  /**
   * One operation of the step.
   *
   * @param name kernel or primitive
   * @param layer empty where it belongs to none
   * @param pass forward, backward, update, loss or empty
   * @param seconds of one step
   * @param flop floating-point operations; 0 for unknown
   */
  public record Operation(String name, String layer, String pass, double seconds, double flop) {}

  public double sum() {
    return operations.stream().mapToDouble(Operation::seconds).sum();
  }
}
