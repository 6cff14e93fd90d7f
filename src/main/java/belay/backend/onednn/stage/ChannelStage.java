package belay.backend.onednn.stage;

import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Primitive;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Tape;
import belay.net.Operation;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** {@link Operation.Normalize}: a batch normalization whose statistics stay, without epsilon. */
final class ChannelStage extends SameLayoutStage implements Weights {
  private final Operation.Normalize normalize;
  private final Primitive forward;
  private final Buffer mean;
  private final Buffer variance;

  ChannelStage(Primitives make, Operation.Normalize normalize, Descriptor layout) {
    super(layout);
    this.normalize = normalize;
    this.forward = make.norms().plain(layout);
    // Blocked layouts read a whole last block of channels.
    long bytes = Buffer.aligned((long) Float.BYTES * normalize.mean().size());
    this.mean = make.allocate(bytes);
    this.variance = make.allocate(bytes);
  }

  @Override
  public Optional<Weights> weights() {
    return Optional.of(this);
  }

  @Override
  public boolean load(float[] weights) {
    float[] means = Arrays.copyOfRange(weights, normalize.mean().offset(), normalize.mean().end());
    float[] squares =
        Arrays.copyOfRange(weights, normalize.deviation().offset(), normalize.deviation().end());
    for (int c = 0; c < squares.length; c++) {
      squares[c] *= squares[c];
    }
    mean.write(means, means.length);
    variance.write(squares, squares.length);
    return Float.isFinite(Weights.zeroOf(means) + Weights.zeroOf(squares));
  }

  @Override
  public void storeGradient(Buffer sum, float[] gradient) {} // it has no parameters

  @Override
  public void bind(Tape tape, Site site) {
    tape.forward(
        forward,
        Map.of(
            Dnnl.SOURCE,
            site.x(),
            Dnnl.MEAN,
            mean,
            Dnnl.VARIANCE,
            variance,
            Dnnl.DESTINATION,
            site.y()));
  }

  @Override
  public String describe() {
    return "normalize " + forward.implementation();
  }
}
