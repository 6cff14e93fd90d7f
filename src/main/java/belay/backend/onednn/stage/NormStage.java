package belay.backend.onednn.stage;

import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Primitive;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Tape;
import belay.net.Operation;
import belay.net.Shape;
import java.util.Map;
import java.util.Optional;

/**
 * Batch normalization: in training with the statistics of the slice, which is a whole shard;
 * elsewhere with those of the weights.
 */
final class NormStage extends SameLayoutStage {
  /** So few that a pass in Java costs little. */
  private static final int FEW_PIXELS = 32;

  private final Operation.BatchNorm norm;
  private final int pixels; // of a slice
  private final int images;
  private final int firstStatistic; // index in the weights
  private final Primitive given;
  private final Primitive own; // null without training
  private final Primitive gradient; // null without training
  private final NormWeights weights;
  private final ExactNorm exact;

  NormStage(
      Primitives make,
      GradientLayout gradients,
      Operation.BatchNorm norm,
      Shape image,
      Descriptor layout,
      int firstStatistic) {
    super(layout);
    this.norm = norm;
    this.images = make.batch();
    this.pixels = images * image.height() * image.width();
    this.firstStatistic = firstStatistic;
    boolean scaled = norm.scale().isPresent();
    boolean training = make.training();
    this.given = make.norms().given(layout, norm.epsilon(), scaled);
    this.own = training ? make.norms().own(layout, norm.epsilon(), scaled) : null;
    this.gradient = training ? make.norms().gradient(layout, norm.epsilon(), scaled, own) : null;
    this.weights = new NormWeights(make, gradients, norm, gradient);
    this.exact = new ExactNorm(make, norm, image, layout, weights);
  }

  @Override
  public Optional<Weights> weights() {
    return Optional.of(weights);
  }

  @Override
  public void bind(Tape tape, Site site) {
    tape.evaluation(given, arguments(site, weights.mean(), weights.variance()));
    if (own != null && pixels <= FEW_PIXELS) {
      float[][] seen = exact.bind(tape, site);
      site.host().after(statistics -> observe(seen[0], seen[1], statistics));
    } else if (own != null) {
      Buffer mean = tape.allocate(own.descriptor(Dnnl.MEAN));
      Buffer variance = tape.allocate(own.descriptor(Dnnl.VARIANCE));
      tape.training(own, arguments(site, mean, variance));
      site.host().after(statistics -> observe(read(mean), read(variance), statistics));
      if (site.dy() != null) {
        bindBackward(tape, site, mean, variance);
      }
    }
  }

  private Map<Integer, Buffer> arguments(Site site, Buffer mean, Buffer variance) {
    return weights.withScale(
        Map.of(
            Dnnl.SOURCE, site.x(),
            Dnnl.MEAN, mean,
            Dnnl.VARIANCE, variance,
            Dnnl.SHIFT, weights.shift(),
            Dnnl.DESTINATION, site.y()));
  }

  /** The primitive has to write dx; where nobody asks for it, over dy. */
  private void bindBackward(Tape tape, Site site, Buffer mean, Buffer variance) {
    tape.backward(
        gradient,
        weights.withScale(
            Map.of(
                Dnnl.SOURCE,
                site.x(),
                Dnnl.MEAN,
                mean,
                Dnnl.VARIANCE,
                variance,
                Dnnl.DIFF_DESTINATION,
                site.dy(),
                Dnnl.DIFF_SOURCE,
                site.dx() == null ? site.dy() : site.dx())),
        weights.gradientOffsets());
  }

  private void observe(float[] mean, float[] variance, float[] statistics) {
    float unbiased = pixels == 1 ? 1 : (float) ((double) pixels / (pixels - 1));
    put(mean, norm.mean().offset() - firstStatistic, images, statistics);
    put(variance, norm.variance().offset() - firstStatistic, images * unbiased, statistics);
  }

  private static void put(float[] values, int to, float factor, float[] statistics) {
    for (int c = 0; c < values.length; c++) {
      statistics[to + c] = factor * values[c];
    }
  }

  private float[] read(Buffer channels) {
    float[] values = new float[norm.mean().size()];
    channels.read(values, values.length);
    return values;
  }

  @Override
  public String describe() {
    return "batch normalization "
        + given.implementation()
        + (own == null ? "" : " " + own.implementation() + " " + gradient.implementation());
  }
}
