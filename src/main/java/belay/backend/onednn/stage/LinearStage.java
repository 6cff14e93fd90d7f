package belay.backend.onednn.stage;

import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.InnerProducts;
import belay.backend.onednn.dnnl.Primitive;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Tape;
import belay.net.Operation;
import belay.net.Shape;
import java.util.Map;
import java.util.Optional;

/** A product of each whole image with a matrix. Its result comes as Java sees it. */
final class LinearStage implements Stage {
  private final Descriptor flat;
  private final Descriptor output;
  private final Primitive spread; // from flat to output; null where they are the same
  private final Primitive gather; // the other way
  private final KernelWeights weights;

  /**
   * @param x layout of the input
   * @param wantsDx whether somebody asks for the gradient of the input
   */
  LinearStage(
      Primitives make,
      GradientLayout gradients,
      Operation.Linear linear,
      Shape image,
      Descriptor x,
      boolean wantsDx) {
    Shape result = new Shape(1, 1, linear.outputs());
    flat = make.channelsLast(result);
    output = make.activation(result);
    InnerProducts products = make.innerProducts();
    int outputs = linear.outputs();
    Primitive forward = products.forward(image, x, outputs);
    boolean training = make.training();
    KernelWeights.Passes passes =
        new KernelWeights.Passes(
            forward,
            training ? products.weightsGradient(image, x, outputs, forward) : null,
            training && wantsDx ? products.dataGradient(image, x, outputs, forward) : null);
    boolean same = flat.sameAs(output);
    spread = same ? null : make.reorder(flat, output);
    gather = same ? null : make.reorder(output, flat);
    weights = new KernelWeights(make, Kernel.of(linear, image), passes, gradients);
  }

  @Override
  public Descriptor output() {
    return output;
  }

  @Override
  public Optional<Weights> weights() {
    return Optional.of(weights);
  }

  @Override
  public void bind(Tape tape, Site site) {
    Buffer result = spread == null ? site.y() : tape.allocate(flat);
    weights.bindForward(tape, site, result);
    if (spread != null) {
      tape.forward(spread, Map.of(Dnnl.SOURCE, result, Dnnl.DESTINATION, site.y()));
    }
    if (site.dy() != null) {
      bindBackward(tape, site);
    }
  }

  private void bindBackward(Tape tape, Site site) {
    Buffer dy = gather == null ? site.dy() : tape.allocate(flat);
    if (gather != null) {
      tape.backward(gather, Map.of(Dnnl.SOURCE, site.dy(), Dnnl.DESTINATION, dy));
    }
    weights.bindBackward(tape, site, dy);
  }

  @Override
  public String describe() {
    return "linear " + weights.describe();
  }
}
