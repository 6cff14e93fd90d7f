package belay.backend.onednn.stage;

import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Primitive;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Tape;
import java.util.Map;

/** Nearest-neighbour upsampling by itself. */
final class UpsampleStage implements Stage {
  private final Descriptor output;
  private final Primitive forward;
  private final Primitive gradient; // null without training

  UpsampleStage(Primitives make, Descriptor input, Descriptor output, int factor) {
    this.output = output;
    this.forward = make.resampling().upsample(input, output, factor);
    this.gradient =
        make.training() ? make.resampling().upsampleGradient(input, output, factor, forward) : null;
  }

  @Override
  public Descriptor output() {
    return output;
  }

  @Override
  public void bind(Tape tape, Site site) {
    tape.forward(forward, Map.of(Dnnl.SOURCE, site.x(), Dnnl.DESTINATION, site.y()));
    if (site.dx() != null) {
      tape.backward(
          gradient, Map.of(Dnnl.DIFF_DESTINATION, site.dy(), Dnnl.DIFF_SOURCE, site.dx()));
    }
  }

  @Override
  public String describe() {
    return "upsampling " + forward.implementation();
  }
}
