package belay.backend.onednn.stage;

import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Eltwise;
import belay.backend.onednn.dnnl.Primitive;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Tape;
import java.util.Map;

/** A function of each value. */
final class EltwiseStage implements Stage {
  private final Eltwise function;
  private final Descriptor layout;
  private final Primitive forward;
  private final Primitive gradient; // null without training

  EltwiseStage(Primitives make, Eltwise function, Descriptor layout) {
    this.function = function;
    this.layout = layout;
    this.forward = make.pointwise().eltwise(function, layout);
    this.gradient = make.training() ? make.pointwise().eltwiseGradient(function, layout) : null;
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
