package belay.backend.onednn.stage;

import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Primitive;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Tape;
import java.util.Map;

/** Sum of two values, whose gradients are that of the sum. */
final class AddStage extends SameLayoutStage {
  private final Primitive forward;
  private final Primitive copy;

  AddStage(Primitives make, Descriptor layout) {
    super(layout);
    this.forward = make.pointwise().add(layout);
    this.copy = make.reorder(layout, layout);
  }

  @Override
  public void bind(Tape tape, Site site) {
    tape.forward(
        forward,
        Map.of(
            Dnnl.SOURCE, site.inputs().get(0),
            Dnnl.SOURCE_1, site.inputs().get(1),
            Dnnl.DESTINATION, site.y()));
    for (Buffer gradient : site.gradients()) {
      if (gradient != null && gradient != site.dy()) {
        tape.backward(copy, Map.of(Dnnl.SOURCE, site.dy(), Dnnl.DESTINATION, gradient));
      }
    }
  }

  @Override
  public String describe() {
    return "add " + forward.implementation();
  }
}
