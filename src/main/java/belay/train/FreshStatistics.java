package belay.train;

import belay.backend.StepScalars;
import belay.backend.TrainPlan;
import belay.backend.fusion.OfKind;
import belay.data.RowOrder;
import belay.error.StoppedException;
import belay.net.Network;
import belay.net.Operation;
import belay.net.Slot;
import belay.net.Statistic;
import belay.net.TrainState;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Running statistics of batch normalisations that belong to the average of the weights: those that
 * a training has left belong to its last weights, and an average evaluated with them can be worse
 * than chance. They are seen by steps with a rate of 0 and the average as weights, over the same
 * minibatches each time.
 *
 * <p>Statistics begin at 0 there and follow s += m (seen - s): after k steps they are 1 - (1 - m)^k
 * times a mean of what was seen, weighted as statistics always are, and are divided by that.
 */
final class FreshStatistics {
  /** Beyond them nothing changes: with the usual momentum the last 66 have all but a thousandth. */
  private static final int MOST_STEPS = 100;

  /** Of the rows: the same ones after each epoch. */
  private static final int ORDER = 1;

  private final TrainPlan plan;
  private final TrainTask task;
  private final RowOrder order;
  private final BooleanSupplier stop;

  FreshStatistics(TrainPlan plan, TrainTask task, RowOrder order, BooleanSupplier stop) {
    this.plan = plan;
    this.task = task;
    this.order = order;
    this.stop = stop;
  }

  /**
   * Gives the plan statistics of the average; weights, slots and counters stay as they are.
   *
   * @param trained state of the plan
   * @param epoch in which training images are seen
   * @return the plan's state then
   * @throws StoppedException if asked to stop; the plan's state is then as before
   */
  TrainState of(TrainState trained, int epoch) {
    try {
      TrainState seen = see(trained, epoch);
      TrainState fresh = with(trained, seen.weights());
      plan.load(fresh);
      return fresh;
    } catch (StoppedException stopped) {
      plan.load(trained);
      throw stopped;
    }
  }

  private Network network() {
    return task.network();
  }

  private TrainState see(TrainState trained, int epoch) {
    plan.load(beginning(trained));
    int[] rows = order.permutation(ORDER);
    int batch = task.spec().batch();
    int steps = Math.min(MOST_STEPS, (rows.length + batch - 1) / batch);
    for (int i = 0; i < steps; i++) {
      if (stop.getAsBoolean()) {
        throw new StoppedException("Stopped before new statistics were seen");
      }
      int end = Math.min((i + 1) * batch, rows.length);
      plan.step(Arrays.copyOfRange(rows, i * batch, end), new StepScalars(0, epoch));
    }
    TrainState seen = plan.snapshot();
    norms().forEach(norm -> undoBeginning(norm, seen.weights(), steps));
    return seen;
  }

  /** The average as weights, statistics of 0, and moments of 0, which would move weights. */
  private TrainState beginning(TrainState trained) {
    float[] weights = trained.inferenceWeights();
    float[] average = trained.slot(Slot.AVERAGE);
    Arrays.fill(weights, average.length, weights.length, 0);
    Map<Slot, float[]> slots = new EnumMap<>(Slot.class);
    trained.slots().keySet().forEach(slot -> slots.put(slot, new float[average.length]));
    slots.put(Slot.AVERAGE, average);
    return new TrainState(weights, slots, trained.step(), trained.tally());
  }

  private List<Operation.BatchNorm> norms() {
    return network().program().operations().stream()
        .map(operation -> operation.accept(OfKind.BATCH_NORM))
        .flatMap(Optional::stream)
        .toList();
  }

  private static void undoBeginning(Operation.BatchNorm norm, float[] weights, int steps) {
    double seen = 1 - StrictMath.pow(1.0 - norm.momentum(), steps);
    for (Statistic statistic : List.of(norm.mean(), norm.variance())) {
      for (int i = statistic.offset(); i < statistic.end(); i++) {
        weights[i] = (float) (weights[i] / seen);
      }
    }
  }

  private TrainState with(TrainState trained, float[] seen) {
    float[] weights = trained.weights().clone();
    int first = network().parameterCount();
    System.arraycopy(seen, first, weights, first, weights.length - first);
    return new TrainState(weights, trained.slots(), trained.step(), trained.tally());
  }
}
