package belay.backend.onednn.stage;

import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Port;
import belay.backend.onednn.dnnl.Primitive;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Tape;
import belay.net.DropoutMask;
import belay.net.Shape;
import java.util.Map;

/** Product with a mask that Java draws before each slice of training; a copy elsewhere. */
final class DropoutStage extends SameLayoutStage {
  private final Primitives make;
  private final DropoutMask mask;
  private final Shape shape;
  private final Descriptor factors;
  private final Primitive copy;
  private final Primitive multiply; // null without training

  DropoutStage(Primitives make, DropoutMask mask, Shape shape, Descriptor layout) {
    super(layout);
    this.make = make;
    this.mask = mask;
    this.shape = shape;
    this.factors = make.factors(shape);
    this.copy = make.reorder(layout, layout);
    this.multiply = make.training() ? make.pointwise().multiply(layout, factors) : null;
  }

  @Override
  public void bind(Tape tape, Site site) {
    tape.evaluation(copy, Map.of(Dnnl.SOURCE, site.x(), Dnnl.DESTINATION, site.y()));
    if (multiply != null) {
      Buffer factor = tape.allocate(factors);
      Port port = Port.into(make, shape, factors, factor);
      site.host().before((step, place) -> draw(port, step, place));
      tape.training(
          multiply,
          Map.of(Dnnl.SOURCE, site.x(), Dnnl.SOURCE_1, factor, Dnnl.DESTINATION, site.y()));
      if (site.dx() != null) {
        tape.backward(
            multiply,
            Map.of(Dnnl.SOURCE, site.dy(), Dnnl.SOURCE_1, factor, Dnnl.DESTINATION, site.dx()));
      }
    }
  }

  private void draw(Port port, long step, int place) {
    int size = shape.size();
    float[] values = port.values();
    for (int i = 0; i < values.length; i++) {
      values[i] = mask.keeps(step, place + i / size, i % size) ? mask.scale() : 0;
    }
    port.send();
  }

  @Override
  public String describe() {
    return "dropout " + (multiply == null ? copy : multiply).implementation();
  }
}
