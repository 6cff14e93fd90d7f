package belay.backend.onednn;

import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Eltwise;
import belay.backend.onednn.dnnl.Primitive;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Tape;
import java.util.Map;

/** max(0, x) by itself. */
final class ReluStage implements Stage {
  private final Descriptor layout;
  private final Primitive forward;
  private final Primitive backward;

  ReluStage(Primitives make, Descriptor layout) {
    this.layout = layout;
    this.forward = make.pointwise().eltwise(Eltwise.RELU, layout);
    this.backward = make.training() ? make.pointwise().eltwiseGradient(Eltwise.RELU, layout) : null;
  }

  @Override
  public Descriptor input() {
    return layout;
  }

  @Override
  public Descriptor output() {
    return layout;
  }

  @Override
  public void bind(Tape tape, Site site) {
    tape.forward(forward, Map.of(Dnnl.SOURCE, site.x(), Dnnl.DESTINATION, site.y()));
    if (site.dx() != null) {
      tape.beginBackward();
      tape.backward(
          backward,
          Map.of(
              Dnnl.DESTINATION, site.y(),
              Dnnl.DIFF_DESTINATION, site.dy(),
              Dnnl.DIFF_SOURCE, site.dx()));
    }
  }

  @Override
  public String describe() {
    return "relu " + forward.implementation();
  }
}
