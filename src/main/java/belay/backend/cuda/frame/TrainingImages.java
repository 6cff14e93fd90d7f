package belay.backend.cuda.frame;

import belay.backend.TrainSpec;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.kernels.AugmentKernels;
import belay.data.augment.Augmentation;
import belay.data.augment.AugmentedImages;
import belay.net.Shape;

/** The images that training steps see: those of the set, or views of them made anew each step. */
public final class TrainingImages {
  private final Frame frame;
  private final DeviceImages all;
  private final DeviceImages views; // [batch]; null where steps see the images themselves
  private final Augmentation how;
  private final long key;

  /**
   * @param all the set's
   */
  public TrainingImages(Frame frame, TrainSpec spec, DeviceImages all, Arena arena) {
    this.frame = frame;
    this.all = all;
    this.how = spec.augmentation();
    this.key = AugmentedImages.random(spec.seed()).key();
    int bytes = frame.batch() * frame.shape(0).size();
    this.views = how.isNone() ? null : DeviceImages.reserve(arena, bytes, frame.batch());
  }

  /**
   * Adds what makes the minibatch's views.
   *
   * @return the images that the frame's rows name from there on
   */
  public DeviceImages record(Tape tape, int count) {
    if (views == null) {
      return all;
    }
    Shape shape = frame.shape(0);
    tape.at(null, "forward");
    tape.add(
        AugmentKernels.augment(
            count,
            all.pixels(),
            all.labels(),
            frame.rows(),
            frame.epoch(),
            views.pixels(),
            views.labels(),
            key,
            mirror(),
            how.crop(),
            border(),
            how.cutout(),
            shape));
    return views;
  }

  private int mirror() {
    return switch (how.mirror()) {
      case NONE -> 0;
      case RANDOM -> 1;
      case ALTERNATE -> 2;
    };
  }

  private int border() {
    return switch (how.border()) {
      case REFLECT -> 0;
      case EDGE -> 1;
      case ZERO -> 2;
    };
  }
}
