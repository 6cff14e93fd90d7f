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
  private final Primitive forward;
  private final Primitive weightsGradient; // null without training
  private final Primitive dataGradient; // null where nobody asks for the gradient of the input
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
    forward = products.forward(image, x, linear.outputs());
    boolean training = make.training();
    weightsGradient =
        training ? products.weightsGradient(image, x, linear.outputs(), forward) : null;
    dataGradient =
        training && wantsDx ? products.dataGradient(image, x, linear.outputs(), forward) : null;
    boolean same = flat.sameAs(output);
    spread = same ? null : make.reorder(flat, output);
    gather = same ? null : make.reorder(output, flat);
    weights =
        new KernelWeights(
            make,
            Kernel.of(linear, image),
            new KernelWeights.Passes(forward, weightsGradient, dataGradient),
            gradients);
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
    tape.forward(
        forward,
        Map.of(
            Dnnl.SOURCE, site.x(),
            Dnnl.WEIGHTS, weights.forward(),
            Dnnl.BIAS, weights.bias(),
            Dnnl.DESTINATION, result));
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
    weights.bindGradient(tape, Map.of(Dnnl.SOURCE, site.x(), Dnnl.DIFF_DESTINATION, dy));
    if (dataGradient != null) {
      tape.backward(
          dataGradient,
          Map.of(
              Dnnl.DIFF_DESTINATION, dy,
              Dnnl.WEIGHTS, weights.backward(),
              Dnnl.DIFF_SOURCE, site.dx()));
    }
  }

  @Override
  public String describe() {
    String text = "linear " + forward.implementation();
    text += weightsGradient == null ? "" : " " + weightsGradient.implementation();
    return text + (dataGradient == null ? "" : " " + dataGradient.implementation());
  }
}
