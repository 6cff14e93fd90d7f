package belay.backend.onednn.stage;

import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Eltwise;
import belay.backend.onednn.dnnl.Primitive;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Tape;
import java.util.Map;

/** A function of each value. */
final class EltwiseStage extends SameLayoutStage {
  private final Eltwise function;
  private final Primitive forward;
  private final Primitive gradient; // null without training

  EltwiseStage(Primitives make, Eltwise function, Descriptor layout) {
    super(layout);
    this.function = function;
    this.forward = make.pointwise().eltwise(function, layout);
    this.gradient = make.training() ? make.pointwise().eltwiseGradient(function, layout) : null;
  }

  @Override
  public void bind(Tape tape, Site site) {
    tape.forward(forward, Map.of(Dnnl.SOURCE, site.x(), Dnnl.DESTINATION, site.y()));
    if (site.dx() != null) {
      tape.backward(
          gradient,
          Map.of(
              function.data(),
              function.data() == Dnnl.SOURCE ? site.x() : site.y(),
              Dnnl.DIFF_DESTINATION,
              site.dy(),
              Dnnl.DIFF_SOURCE,
              site.dx()));
    }
  }

  @Override
  public String describe() {
    return function.name() + " " + forward.implementation();
  }
}
