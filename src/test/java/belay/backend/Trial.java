package belay.backend;

import belay.backend.reference.ReferenceBackend;
import belay.data.ImageSet;
import belay.data.augment.Augmentation;
import belay.net.Network;
import belay.net.TrainState;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A network with random images and weights and a minibatch.
 *
 * <p>Where some unit comes very near to the kink of its ReLU, or two pixels of a window to one
 * another, rounding decides where a whole gradient goes; a trial is one where none does.
 *
 * @param rows of the minibatch, which {@link #SHARDS} shards of {@link #BATCH} images are for
 */
public record Trial(Network network, ImageSet images, float[] weights, int[] rows) {
  static final int BATCH = 16;
  static final int SHARDS = 8;

  private static final int IMAGES = 13;
  private static final int ROWS = 11; // five shards of two images, one of one, two of none
  private static final double MARGIN = 4e-6; // a hundred roundings of values near 1
  private static final int DRAWS = 30;

  private static final Map<String, Trial> DRAWN = new ConcurrentHashMap<>();
  private static final Map<Trial, TrainState> EXPECTED = new ConcurrentHashMap<>();

  /** The same each time. */
  public static Trial of(String layers) {
    return DRAWN.computeIfAbsent(layers, Trial::clear);
  }

  private static Trial clear(String layers) {
    Network network = BackendContract.network(layers);
    Trial best = draw(network, 0);
    for (int i = 1; i < DRAWS && best.margin() < MARGIN; i++) {
      Trial next = draw(network, i);
      best = next.margin() > best.margin() ? next : best;
    }
    return best;
  }

  private static Trial draw(Network network, int salt) {
    RandomInputs random = new RandomInputs(1000 + salt);
    return new Trial(
        network,
        random.images(network, IMAGES),
        random.weights(network),
        random.rows(ROWS, IMAGES));
  }

  private double margin() {
    return Stream.concat(
            Stream.of(DoubleMinibatch.inference(network, images, weights)),
            minibatch().shards(weights).stream())
        .mapToDouble(DoubleForward::margin)
        .min()
        .orElseThrow();
  }

  public DoubleMinibatch minibatch() {
    return new DoubleMinibatch(network.program(), spec(Precision.FP32), images, rows);
  }

  /** Gradient descent whose first moment is the gradient. */
  public static TrainSpec spec(Precision precision) {
    return new TrainSpec(
        BATCH,
        SHARDS,
        0.1f,
        Augmentation.NONE,
        5,
        new UpdateRule.Sgd(0, 0),
        TrainSpec.Clipping.NONE,
        TrainSpec.Average.NONE,
        precision);
  }

  public TrainState start() {
    return TrainState.initial(network, weights, spec(Precision.FP32).rule().slots());
  }

  /**
   * The state after one step, whose first moment is the gradient and whose parameters are those
   * before; closes the device.
   */
  public TrainState step(Backend device, Precision precision) {
    try (device;
        TrainPlan plan =
            device.compileTraining(network, spec(precision), images, images, start())) {
      plan.step(rows, new StepScalars(0));
      return plan.snapshot();
    }
  }

  /** The reference's state after one step. */
  TrainState expected() {
    return EXPECTED.computeIfAbsent(this, t -> t.step(new ReferenceBackend(), Precision.FP32));
  }

  /** The same where the first parameter, a kernel, is 0: all pixels of what it makes are equal. */
  Trial blind() {
    float[] blind = weights.clone();
    Arrays.fill(blind, 0, network.program().parameters().get(0).end(), 0);
    return new Trial(network, images, blind, rows);
  }
}
