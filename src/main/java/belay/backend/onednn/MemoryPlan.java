package belay.backend.onednn;

import belay.backend.onednn.dnnl.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which slot each value and each gradient of a graph lies in. In training values stay for the
 * backward pass, elsewhere until their last reader. A gradient lives from the last reader of its
 * value, which writes it, to the stage that defined the value; the readers in between add to it.
 */
final class MemoryPlan {
  /** No slot. */
  static final int NONE = -1;

  private final Graph graph;
  private final Slots slots = new Slots();
  private final int[] values; // slot of each; NONE within pieces
  private final Map<Integer, Integer> gradients = new HashMap<>(); // of each value alive
  private final List<Flow> flows = new ArrayList<>(); // of each stage
  private int outputGradient = NONE;

  /**
   * What a stage's backward pass does.
   *
   * @param dy slot of the gradient of its output, or NONE if it has no backward pass
   * @param targets for the gradient of each input
   */
  record Flow(int dy, List<Target> targets) {}

  /**
   * Where a stage writes a gradient.
   *
   * @param slot NONE if nobody asks for it
   * @param sum slot to add it to afterwards, or NONE
   */
  record Target(int slot, int sum) {
    static final Target NOBODY = new Target(NONE, NONE);
  }

  MemoryPlan(Graph graph) {
    this.graph = graph;
    this.values = new int[graph.program().shapes().size()];
    Arrays.fill(values, NONE);
    planValues();
    if (graph.make().training()) {
      planGradients();
    }
  }

  int value(int value) {
    return values[value];
  }

  Flow flow(int stage) {
    return flows.get(stage);
  }

  /** Slot of the gradient of the program's output; NONE without training. */
  int outputGradient() {
    return outputGradient;
  }

  List<Buffer> allocate() {
    return slots.allocate(graph.make());
  }

  private void planValues() {
    values[0] = slots.take(bytes(0));
    for (int stage = 0; stage < graph.stages().size(); stage++) {
      int output = graph.output(stage);
      values[output] = slots.take(bytes(output));
      flows.add(new Flow(NONE, graph.inputs(stage).stream().map(v -> Target.NOBODY).toList()));
      if (!graph.make().training()) {
        freeAfter(stage);
      }
    }
  }

  private void freeAfter(int stage) {
    for (int input : graph.inputs(stage).stream().distinct().toList()) {
      if (input != graph.features() && graph.lastReader(input) == stage) {
        slots.give(values[input]);
      }
    }
  }

  private void planGradients() {
    int output = graph.program().output();
    outputGradient = slots.take(bytes(output));
    gradients.put(output, outputGradient);
    for (int stage = graph.stages().size() - 1; stage >= 0; stage--) {
      Integer dy = gradients.remove(graph.output(stage));
      if (dy != null) {
        flows.set(stage, flow(stage, dy));
      }
    }
  }

  private Flow flow(int stage, int dy) {
    boolean reuses = graph.stages().get(stage).reusesGradient();
    List<Target> targets = new ArrayList<>();
    for (int input : graph.inputs(stage)) {
      targets.add(graph.isTrained(input) ? target(input, reuses, dy) : Target.NOBODY);
    }
    targets.stream()
        .filter(target -> target.sum() != NONE && target.slot() != dy)
        .forEach(target -> slots.give(target.slot()));
    if (!gradients.containsValue(dy)) {
      slots.give(dy);
    }
    return new Flow(dy, targets);
  }

  private Target target(int input, boolean reuses, int dy) {
    Integer sum = gradients.get(input);
    boolean inPlace = reuses && (sum != null || !gradients.containsValue(dy));
    int slot = inPlace ? dy : slots.take(bytes(input));
    if (sum == null) {
      gradients.put(input, slot);
    }
    return new Target(slot, sum == null ? NONE : sum);
  }

  private long bytes(int value) {
    return graph.layout(value).bytes();
  }
}
