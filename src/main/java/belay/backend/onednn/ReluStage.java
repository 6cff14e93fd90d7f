package belay.backend.onednn;

import java.util.Map;

/** max(0, x) by itself. */
final class ReluStage implements Stage {
  private final Descriptor layout;
  private final Primitive forward;
  private final Primitive backward;

  ReluStage(Primitives make, Descriptor layout) {
    this.layout = layout;
    this.forward = make.relu(layout);
    this.backward = make.training() ? make.reluBackward(layout) : null;
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
