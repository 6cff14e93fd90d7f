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
final class NormStage implements Stage {
  private final Operation.BatchNorm norm;
  private final Descriptor layout;
  private final int pixels; // of a slice
  private final int images;
  private final int firstStatistic; // index in the weights
  private final Primitive given;
  private final Primitive own; // null without training
  private final Primitive gradient; // null without training
  private final NormWeights weights;

  NormStage(
      Primitives make,
      GradientLayout gradients,
      Operation.BatchNorm norm,
      Shape image,
      Descriptor layout,
      int firstStatistic) {
    this.norm = norm;
    this.layout = layout;
    this.images = make.batch();
    this.pixels = images * image.height() * image.width();
    this.firstStatistic = firstStatistic;
    this.given = make.norms().given(layout, norm.epsilon());
    this.own = make.training() ? make.norms().own(layout, norm.epsilon()) : null;
    this.gradient = make.training() ? make.norms().gradient(layout, norm.epsilon(), own) : null;
    this.weights = new NormWeights(make, gradients, norm, gradient);
  }

  @Override
  public Descriptor output() {
    return layout;
  }

  @Override
  public boolean reusesGradient() {
    return true;
  }

  @Override
  public Optional<Weights> weights() {
    return Optional.of(weights);
  }

  @Override
  public void bind(Tape tape, Site site) {
    tape.evaluation(given, arguments(site, weights.mean(), weights.variance()));
    if (own != null) {
      Buffer mean = tape.allocate(own.descriptor(Dnnl.MEAN));
      Buffer variance = tape.allocate(own.descriptor(Dnnl.VARIANCE));
      tape.training(own, arguments(site, mean, variance));
      site.host().after(statistics -> observe(mean, variance, statistics));
      if (site.dy() != null) {
        bindBackward(tape, site, mean, variance);
      }
    }
  }

  private Map<Integer, Buffer> arguments(Site site, Buffer mean, Buffer variance) {
    return Map.of(
        Dnnl.SOURCE, site.x(),
        Dnnl.MEAN, mean,
        Dnnl.VARIANCE, variance,
        Dnnl.SCALE, weights.scale(),
        Dnnl.SHIFT, weights.shift(),
        Dnnl.DESTINATION, site.y());
  }

  /** The primitive has to write dx; where nobody asks for it, over dy. */
  private void bindBackward(Tape tape, Site site, Buffer mean, Buffer variance) {
    tape.backward(
        gradient,
        Map.of(
            Dnnl.SOURCE,
            site.x(),
            Dnnl.MEAN,
            mean,
            Dnnl.VARIANCE,
            variance,
            Dnnl.SCALE,
            weights.scale(),
            Dnnl.DIFF_DESTINATION,
            site.dy(),
            Dnnl.DIFF_SOURCE,
            site.dx() == null ? site.dy() : site.dx()),
        weights.gradientOffsets());
  }

  private void observe(Buffer mean, Buffer variance, float[] statistics) {
    float unbiased = pixels == 1 ? 1 : (float) ((double) pixels / (pixels - 1));
    read(mean, norm.mean().offset() - firstStatistic, images, statistics);
    read(variance, norm.variance().offset() - firstStatistic, images * unbiased, statistics);
  }

  private void read(Buffer buffer, int to, float factor, float[] statistics) {
    int count = norm.mean().size();
    buffer.read(0, statistics, to, count);
    for (int i = to; i < to + count; i++) {
      statistics[i] *= factor;
    }
  }

  @Override
  public String describe() {
    return "batch normalization "
        + given.implementation()
        + (own == null ? "" : " " + own.implementation() + " " + gradient.implementation());
  }
}
