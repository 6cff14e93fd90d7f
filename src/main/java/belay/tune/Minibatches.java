package belay.tune;

import belay.backend.Evaluation;
import belay.backend.StepScalars;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.data.ImageSet;
import belay.data.RowOrder;
import belay.error.StoppedException;
import belay.net.Tally;
import java.util.Arrays;

/** Single steps from the first weights on, each with a rate of its own. */
final class Minibatches implements AutoCloseable {
  private final Bench bench;
  private final TrainPlan plan;
  private final int batch;
  private final int images;
  private final RowOrder order;

  /**
   * @param seen by the steps, and by evaluation
   */
  Minibatches(Bench bench, TrainSpec spec, ImageSet seen) {
    this.bench = bench;
    this.batch = spec.batch();
    this.images = seen.count();
    this.order = new RowOrder(spec.seed(), images);
    this.plan = bench.compile(spec, seen, seen);
  }

  int perEpoch() {
    return (images + batch - 1) / batch;
  }

  /**
   * A step as the training has it at this place.
   *
   * @param number of the step, from 0
   * @return loss and right images of its minibatch, before the step
   */
  Tally inOrder(int number, double rate) {
    int epoch = number / perEpoch() + 1;
    int[] rows = order.permutation(epoch);
    return step(part(rows, number % perEpoch()), rate, epoch);
  }

  /** A step on a minibatch that is always the same, in the order of the images. */
  Tally fixed(int minibatch, double rate) {
    return step(part(RowOrder.identity(images), minibatch), rate, 1);
  }

  /** All images, as a training judges its epochs. */
  Tally evaluate() {
    Evaluation all = Evaluation.none();
    for (int i = 0; i < perEpoch(); i++) {
      stopIfAsked();
      all = all.plus(plan.evaluate(part(RowOrder.identity(images), i)));
    }
    return all.tally();
  }

  private int[] part(int[] rows, int minibatch) {
    int first = minibatch * batch;
    return Arrays.copyOfRange(rows, first, Math.min(first + batch, images));
  }

  private Tally step(int[] rows, double rate, int epoch) {
    stopIfAsked();
    plan.resetTally();
    plan.step(rows, new StepScalars((float) rate, epoch));
    bench.watch().step(rows.length, rate);
    Tally tally = plan.tally();
    bench.watch().loss(tally.loss());
    return tally;
  }

  private void stopIfAsked() {
    if (bench.stop().getAsBoolean()) {
      throw new StoppedException("Stopped between two steps");
    }
  }

  @Override
  public void close() {
    plan.close();
  }
}
