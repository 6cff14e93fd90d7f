package belay.backend.cuda.frame;

import belay.backend.TrainSpec;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.kernels.AugmentKernels;
import belay.data.augment.Augmentation;
import belay.data.augment.AugmentedImages;
import belay.data.augment.Recipe;
import belay.net.Shape;
import jcuda.Pointer;

/** The images that training steps see: those of the set, or views of them made anew each step. */
public final class TrainingImages {
  private final Frame frame;
  private final DeviceImages all;
  private final DeviceImages views; // [batch]; null where steps see the images themselves
  private final Arena.Slice spare; // views of partners; null where nothing is mixed
  private final Arena.Slice befores; // views before an operation; null without RandAugment
  private final boolean changes;
  private final Arena.Slice recipe;
  private final int[] words; // of the recipe
  private final long key;

  /**
   * @param all the set's
   */
  public TrainingImages(Frame frame, TrainSpec spec, DeviceImages all, Arena arena) {
    this.frame = frame;
    this.all = all;
    Augmentation how = spec.augmentation();
    this.key = AugmentedImages.random(spec.seed()).key();
    this.changes = !how.leavesPixels();
    this.words = how.isNone() ? new int[0] : Recipe.of(how).words();
    this.recipe = arena.reserve(4L * words.length);
    this.views = how.isNone() ? null : reserve(arena, how);
    this.spare = how.mixing().isNone() ? null : arena.reserve(bytes());
    this.befores = how.randAugment().operations() == 0 ? null : arena.reserve(bytes());
  }

  private DeviceImages reserve(Arena arena, Augmentation how) {
    DeviceImages images = DeviceImages.reserve(arena, bytes(), frame.batch());
    images = how.mixing().isNone() ? images : images.withMixtures(arena, frame.batch());
    return how.noise().isNone() ? images : images.withTargets(arena);
  }

  private int bytes() {
    return frame.batch() * frame.shape(0).size();
  }

  /** What {@link #recipe} is to hold. */
  public int[] words() {
    return words;
  }

  /** How views are made; empty where none are. */
  public Arena.Slice recipe() {
    return recipe;
  }

  /** Copies to the device how views are made. */
  public void upload() {
    if (words.length > 0) {
      recipe.upload(Pointer.to(words), recipe.bytes());
    }
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
            changes,
            count,
            all.pixels(),
            all.labels(),
            frame.rows(),
            frame.epoch(),
            recipe,
            views.pixels(),
            views.targets() == views.pixels() ? null : views.targets(),
            views.labels(),
            views.others(),
            views.shares(),
            spare,
            befores,
            key,
            (int) all.labels().bytes(),
            shape));
    return views;
  }
}
