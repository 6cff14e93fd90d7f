package belay.backend.onednn.stage;

import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Pooling;
import belay.backend.onednn.dnnl.Primitive;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Tape;
import java.util.LinkedHashMap;
import java.util.Map;

/** A pooling or an upsampling by itself. */
final class ResamplingStage implements Stage {
  private final String name;
  private final Descriptor output;
  private final Primitive forward;
  private final Primitive gradient; // null without training

  private ResamplingStage(String name, Descriptor output, Primitive forward, Primitive gradient) {
    this.name = name;
    this.output = output;
    this.forward = forward;
    this.gradient = gradient;
  }

  static ResamplingStage pool(Primitives make, Pooling pooling, Descriptor x, Descriptor y) {
    Primitive forward = make.resampling().pool(pooling, x, y);
    return new ResamplingStage(
        "pooling",
        y,
        forward,
        make.training() ? make.resampling().poolGradient(pooling, x, y, forward) : null);
  }

  static ResamplingStage upsample(Primitives make, Descriptor x, Descriptor y, int factor) {
    Primitive forward = make.resampling().upsample(x, y, factor);
    return new ResamplingStage(
        "upsampling",
        y,
        forward,
        make.training() ? make.resampling().upsampleGradient(x, y, factor, forward) : null);
  }

  @Override
  public Descriptor output() {
    return output;
  }

  @Override
  public void bind(Tape tape, Site site) {
    Map<Integer, Buffer> places = new LinkedHashMap<>(); // of the maxima
    if (gradient != null && forward.descriptor(Dnnl.WORKSPACE).bytes() > 0) {
      places.put(Dnnl.WORKSPACE, tape.allocate(forward.descriptor(Dnnl.WORKSPACE)));
    }
    tape.forward(forward, with(places, Dnnl.SOURCE, site.x(), Dnnl.DESTINATION, site.y()));
    if (site.dx() != null) {
      tape.backward(
          gradient, with(places, Dnnl.DIFF_DESTINATION, site.dy(), Dnnl.DIFF_SOURCE, site.dx()));
    }
  }

  private static Map<Integer, Buffer> with(
      Map<Integer, Buffer> places, int from, Buffer source, int to, Buffer target) {
    Map<Integer, Buffer> arguments = new LinkedHashMap<>(places);
    arguments.put(from, source);
    arguments.put(to, target);
    return arguments;
  }

  @Override
  public String describe() {
    return name
        + " "
        + forward.implementation()
        + (gradient == null ? "" : " " + gradient.implementation());
  }
}
