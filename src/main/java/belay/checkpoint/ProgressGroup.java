package belay.checkpoint;

import belay.hdf.BoundedReader;
import belay.hdf.Bounds;
import belay.hdf.Hdf5Reader;
import belay.hdf.Hdf5Writer;
import belay.net.Network;
import belay.net.Tally;
import belay.net.TrainState;
import belay.train.EpochResult;
import belay.train.Progress;
import java.util.List;

/**
 * Where a training stands: the group /progress, whose numbers must agree with one another and with
 * the table of epochs. What only the training images tell is looked at where they are known.
 */
final class ProgressGroup {
  private static final String PATH = "/progress";
  private static final Bounds POSITION = new Bounds(0, Integer.MAX_VALUE);

  private final Hdf5Reader reader;
  private final BoundedReader bounded;

  ProgressGroup(Hdf5Reader reader) {
    this.reader = reader;
    this.bounded = new BoundedReader(reader);
  }

  static void write(Hdf5Writer writer, TrainState state, Progress progress) {
    writer
        .group(PATH)
        .attribute("description", "epoch: finished epochs; step: optimiser steps; position: images")
        .attribute("epoch", progress.epoch())
        .attribute("position", progress.position())
        .attribute("epoch_seconds", progress.seconds())
        .attribute("step", state.step())
        .attribute("loss_sum", state.tally().lossSum())
        .attribute("loss_images", state.tally().images())
        .attribute("right_images", state.tally().right());
  }

  long step() {
    return bounded.integer(PATH, "step", Bounds.COUNT);
  }

  Tally tally() {
    double lossSum = bounded.real(PATH, "loss_sum", Bounds.FROM_0);
    long images = bounded.integer(PATH, "loss_images", Bounds.COUNT);
    boolean isCounted = reader.attributes(PATH).containsKey("right_images");
    long right = isCounted ? bounded.integer(PATH, "right_images", new Bounds(0, images)) : 0;
    return new Tally(lossSum, images, right);
  }

  Progress read(Network network) {
    boolean isTimed = reader.attributes(PATH).containsKey("epoch_seconds");
    Progress progress =
        new Progress(
            (int) bounded.integer(PATH, "position", POSITION),
            isTimed ? bounded.real(PATH, "epoch_seconds", Bounds.FROM_0) : 0,
            EpochTable.read(reader, network));
    checkEpoch(progress);
    checkSteps(progress);
    return progress;
  }

  private void checkEpoch(Progress progress) {
    long epoch = reader.integer(PATH, "epoch");
    if (epoch != progress.epoch()) {
      throw reader.problem(
          "%s@epoch is %d, /metrics has %d rows".formatted(PATH, epoch, progress.epoch()));
    }
  }

  /** Within an epoch every step takes an image or more, and every image counts in the loss. */
  private void checkSteps(Progress progress) {
    List<EpochResult> history = progress.history();
    long before = history.isEmpty() ? 0 : history.get(history.size() - 1).step();
    long steps = step() - before;
    int position = progress.position();
    boolean fits = position == 0 ? steps == 0 : steps > 0 && steps <= position;
    if (!fits) {
      throw reader.problem(
          "%s@step is %d and @position %d after %d steps of %d epochs, which no training reaches"
              .formatted(PATH, step(), position, before, history.size()));
    }
    long images = tally().images();
    if (position > 0 && images != position) {
      throw reader.problem(
          "%s@loss_images is %d at position %d, expected the same"
              .formatted(PATH, images, position));
    }
  }
}
