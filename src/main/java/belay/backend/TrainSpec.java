package belay.backend;

import belay.data.augment.Augmentation;
import belay.net.Program;
import belay.net.Slot;
import java.util.ArrayList;
import java.util.List;

/**
 * How a plan trains.
 *
 * @param batch images in a minibatch at most
 * @param shards K, a power of two, at most batch and 64. Images [i q, (i + 1) q) of a minibatch of
 *     B images, with q = ceil(B / K), are shard i; the last shards may have fewer, or none.
 *     Whatever is summed over images is summed inside a shard in an order that depends on the shard
 *     alone, then over shards in one perfect binary tree, in which missing shards are left out
 * @param smoothing of the labels of a network that classifies; see {@link Objective.CrossEntropy}
 * @param augmentation of the images that steps see
 * @param seed of what is random in a step
 * @param rule what becomes of the weights
 * @param clipping applied to the gradient before the update
 * @param average of the weights over steps
 * @param groups parameters for which something else holds
 */
public record TrainSpec(
    int batch,
    int shards,
    float smoothing,
    Augmentation augmentation,
    long seed,
    UpdateRule rule,
    Clipping clipping,
    Average average,
    Precision precision,
    ParameterGroups groups) {
  /** K at most: what the trees of kernels hold. */
  public static final int MOST_SHARDS = 64;

  public TrainSpec {
    if (Integer.bitCount(shards) != 1 || shards > Math.min(batch, MOST_SHARDS)) {
      throw new IllegalArgumentException(shards + " shards of " + batch + " images");
    }
    if (!groups.isNone() && !rule.takesGroups()) {
      throw new IllegalArgumentException(rule + " treats all parameters alike");
    }
  }

  /** Whose parameters are all alike. */
  public TrainSpec(
      int batch,
      int shards,
      float smoothing,
      Augmentation augmentation,
      long seed,
      UpdateRule rule,
      Clipping clipping,
      Average average,
      Precision precision) {
    this(
        batch,
        shards,
        smoothing,
        augmentation,
        seed,
        rule,
        clipping,
        average,
        precision,
        ParameterGroups.NONE);
  }

  /** Without smoothing of labels, augmentation and an average of the weights. */
  public TrainSpec(
      int batch, int shards, long seed, UpdateRule rule, Clipping clipping, Precision precision) {
    this(batch, shards, 0, Augmentation.NONE, seed, rule, clipping, Average.NONE, precision);
  }

  /** The same with images and labels as they are. */
  public TrainSpec plain() {
    return new TrainSpec(
        batch, shards, 0, Augmentation.NONE, seed, rule, clipping, average, precision, groups);
  }

  /** What is minimised: a program that scores classes learns labels, any other its images. */
  public Objective objective(Program program) {
    return program.classifies()
        ? new Objective.CrossEntropy(smoothing, program.logitScale())
        : new Objective.Reconstruction();
  }

  /** Shards where nobody has asked for another number: 8, or fewer in small minibatches. */
  public static int usualShards(int batch) {
    return Math.min(8, Integer.highestOneBit(batch));
  }

  /** Images of each shard of a minibatch of so many images, but for the last ones. */
  public int shardSize(int images) {
    return (images + shards - 1) / shards;
  }

  /** What the plan keeps from step to step for each parameter. */
  public List<Slot> slots() {
    List<Slot> slots = new ArrayList<>(rule.slots());
    if (average.isKept()) {
      slots.add(Slot.AVERAGE);
    }
    return List.copyOf(slots);
  }

  /**
   * Limits of the gradient g, values first.
   *
   * @param value each component is clamped to +-value; 0 for no limit
   * @param norm g is scaled by min(1, norm / |g|_2); 0 for no limit
   */
  public record Clipping(float value, float norm) {
    public static final Clipping NONE = new Clipping(0, 0);

    public boolean isNone() {
      return value == 0 && norm == 0;
    }
  }

  /**
   * An average a of the parameters w, which evaluation and extraction use in their place. A moving
   * one: after step t, a += max(1 - decay, 1 / t) (w - a), the mean of all steps until the
   * exponential average knows more (Tarvainen, Valpola 2017, arXiv:1703.01780, as their code does);
   * statistics are used as they are (as the buffers in PyTorch's swa_utils). Or the mean of the
   * weights after each of the last epochs, which has statistics of its own.
   *
   * @param decay of the moving average; 0 for none
   * @param last epochs whose mean it is, if there is no moving one
   */
  public record Average(float decay, LastEpochs last) {
    public static final Average NONE = new Average(0);

    /** A moving average. */
    public Average(float decay) {
      this(decay, LastEpochs.NONE);
    }

    public boolean isKept() {
      return decay > 0 || !last.isNone();
    }

    /** What step t, from 1, adds of w - a. */
    public float share(long step) {
      return decay > 0 ? (float) Math.max(1.0 - decay, 1.0 / step) : last.share(step);
    }

    /** Whether the average has got new weights by this step, and wants statistics of its own. */
    public boolean wantsStatistics(long step) {
      return decay == 0 && last.isMeanAfter(step);
    }
  }
}
