package belay.backend.onednn;

import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Pooling;
import belay.backend.onednn.dnnl.Primitive;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Tape;
import belay.net.Shape;
import java.util.Map;

/** Max-pooling by itself. */
final class PoolStage implements Stage {
  private final Descriptor input;
  private final Descriptor output;
  private final Primitive forward;
  private final Primitive backward;

  PoolStage(Primitives make, Descriptor input, Shape small, Pooling size) {
    this.input = input;
    this.output = make.activation(small);
    this.forward = make.resampling().pool(size, input, output);
    this.backward =
        make.training() ? make.resampling().poolGradient(size, input, output, forward) : null;
  }

  @Override
  public Descriptor input() {
    return input;
  }

  @Override
  public Descriptor output() {
    return output;
  }

  @Override
  public void bind(Tape tape, Site site) {
    if (backward == null) {
      tape.forward(forward, Map.of(Dnnl.SOURCE, site.x(), Dnnl.DESTINATION, site.y()));
      return;
    }
    Buffer places = tape.allocate(forward.descriptor(Dnnl.WORKSPACE)); // of the maxima
    tape.forward(
        forward, Map.of(Dnnl.SOURCE, site.x(), Dnnl.DESTINATION, site.y(), Dnnl.WORKSPACE, places));
    if (site.dx() != null) {
      tape.beginBackward();
      tape.backward(
          backward,
          Map.of(
              Dnnl.DIFF_DESTINATION, site.dy(),
              Dnnl.DIFF_SOURCE, site.dx(),
              Dnnl.WORKSPACE, places));
    }
  }

  @Override
  public String describe() {
    return "max-pooling "
        + forward.implementation()
        + (backward == null ? "" : " " + backward.implementation());
  }
}
