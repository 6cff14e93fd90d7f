package belay.backend.onednn;

import belay.backend.Piece;
import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.ConvSize;
import belay.backend.onednn.dnnl.Descriptor;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Eltwise;
import belay.backend.onednn.dnnl.Pooling;
import belay.backend.onednn.dnnl.Primitive;
import belay.backend.onednn.dnnl.Primitives;
import belay.backend.onednn.dnnl.Tape;
import belay.net.Program;
import belay.net.Shape;
import java.util.Map;

/**
 * Convolution with bias, with the upsampling before it and the ReLU and max-pooling after it where
 * the network has them.
 *
 * <p>With pooling, the ReLU's gradient is taken on the pooled value: a window whose maximum is not
 * positive passes nothing, so the mask is the same and the tensor smaller.
 */
final class ConvStage implements Stage {
  private final boolean transposed;
  private final boolean phases;
  private final boolean relu;
  private final Descriptor input;
  private final Descriptor wide; // before pooling
  private final Descriptor output;
  private final Primitive forward;
  private final Primitive addBias;
  private final Primitive pool;
  private final Primitive reluBackward;
  private final Primitive poolBackward;
  private final Primitive weightsBackward;
  private final Primitive dataBackward;
  private ConvWeights weights;

  /**
   * @param form how the convolution, with an upsampling before it, runs
   * @param x layout of the input; {@link Primitives#anyActivation} to let oneDNN choose
   * @param dataGradient whether somebody asks for the gradient of the input
   */
  ConvStage(
      Primitives make,
      Program program,
      Piece.Convolution piece,
      KernelForm form,
      Descriptor x,
      boolean dataGradient) {
    ConvSize size = form.size(piece.conv());
    Shape wideShape = wideShape(program, piece, size);
    Pooling window = piece.pool().map(max -> Pooling.max(max.window())).orElse(null);
    transposed = form == KernelForm.TRANSPOSED;
    phases = form == KernelForm.PHASES;
    relu = piece.relu().isPresent();
    wide = make.activation(wideShape);
    forward =
        transposed
            ? make.deconvolutions().forward(size, x, wide)
            : make.convolutions().forward(size, x, wide, relu);
    addBias = transposed ? make.pointwise().addBias(wide, size.outputs(), relu) : null;
    input = forward.descriptor(Dnnl.SOURCE);
    boolean pooled = piece.pool().isPresent();
    output = pooled ? make.activation(program.shape(piece.output())) : wide;
    pool = pooled ? make.resampling().pool(window, wide, output) : null;
    if (!make.training()) {
      reluBackward = poolBackward = weightsBackward = dataBackward = null;
      return;
    }
    reluBackward = relu ? make.pointwise().eltwiseGradient(Eltwise.RELU, output) : null;
    poolBackward = pooled ? make.resampling().poolGradient(window, wide, output, pool) : null;
    weightsBackward =
        transposed
            ? make.deconvolutions().weightsGradient(size, input, wide, forward)
            : make.convolutions().weightsGradient(size, input, wide, forward);
    dataBackward = dataGradient ? dataBackward(make, size) : null;
  }

  private Primitive dataBackward(Primitives make, ConvSize size) {
    return transposed
        ? make.deconvolutions().dataGradient(size, input, wide, forward)
        : make.convolutions().dataGradient(size, input, wide, forward);
  }

  private static Shape wideShape(Program program, Piece.Convolution piece, ConvSize size) {
    Shape in = program.shape(piece.input());
    return piece.upsample().isPresent() && size.stride() == 2
        ? new Shape(2 * in.height(), 2 * in.width(), size.outputs())
        : size.over(in);
  }

  Primitive forward() {
    return forward;
  }

  /** Null where only forward passes run. */
  Primitive weightsBackward() {
    return weightsBackward;
  }

  /** Null where nobody asks for the gradient of the input. */
  Primitive dataBackward() {
    return dataBackward;
  }

  void use(ConvWeights weights) {
    this.weights = weights;
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
  public boolean leavesPhases() {
    return phases;
  }

  @Override
  public void bind(Tape tape, Site site) {
    Buffer wideValue = pool == null ? site.y() : tape.allocate(wide);
    bindForward(tape, site, wideValue);
    Buffer places = bindPool(tape, site, wideValue);
    if (weightsBackward != null) {
      tape.beginBackward();
      // The value before pooling is not needed again: its memory, still in the cache, takes its
      // gradient.
      Buffer dWide = pool == null ? site.dy() : wideValue;
      bindPointwiseBackward(tape, site, dWide, places);
      bindWeightsBackward(tape, site, dWide);
    }
  }

  private void bindForward(Tape tape, Site site, Buffer wideValue) {
    if (transposed) {
      tape.forward(
          forward,
          Map.of(
              Dnnl.SOURCE, site.x(),
              Dnnl.WEIGHTS, weights.forward(),
              Dnnl.DESTINATION, wideValue));
      tape.forward(
          addBias,
          Map.of(
              Dnnl.SOURCE, wideValue,
              Dnnl.SOURCE_1, weights.bias(),
              Dnnl.DESTINATION, wideValue));
    } else {
      tape.forward(
          forward,
          Map.of(
              Dnnl.SOURCE, site.x(),
              Dnnl.WEIGHTS, weights.forward(),
              Dnnl.BIAS, weights.bias(),
              Dnnl.DESTINATION, wideValue));
    }
  }

  /** Places of the maxima, or null without pooling or training. */
  private Buffer bindPool(Tape tape, Site site, Buffer wideValue) {
    if (pool == null) {
      return null;
    }
    if (poolBackward == null) {
      tape.forward(pool, Map.of(Dnnl.SOURCE, wideValue, Dnnl.DESTINATION, site.y()));
      return null;
    }
    Buffer places = tape.allocate(pool.descriptor(Dnnl.WORKSPACE));
    tape.forward(
        pool, Map.of(Dnnl.SOURCE, wideValue, Dnnl.DESTINATION, site.y(), Dnnl.WORKSPACE, places));
    return places;
  }

  private void bindPointwiseBackward(Tape tape, Site site, Buffer dWide, Buffer places) {
    if (reluBackward != null) {
      tape.backward(
          reluBackward,
          Map.of(
              Dnnl.DESTINATION, site.y(),
              Dnnl.DIFF_DESTINATION, site.dy(),
              Dnnl.DIFF_SOURCE, site.dy()));
    }
    if (poolBackward != null) {
      tape.backward(
          poolBackward,
          Map.of(
              Dnnl.DIFF_DESTINATION, site.dy(),
              Dnnl.DIFF_SOURCE, dWide,
              Dnnl.WORKSPACE, places));
    }
  }

  private void bindWeightsBackward(Tape tape, Site site, Buffer dWide) {
    tape.backward(
        weightsBackward,
        Map.of(
            Dnnl.SOURCE, site.x(),
            Dnnl.DIFF_DESTINATION, dWide,
            Dnnl.DIFF_WEIGHTS, weights.kernelGradient(tape),
            Dnnl.DIFF_BIAS, weights.biasGradient(tape)));
    if (dataBackward != null) {
      tape.backward(
          dataBackward,
          Map.of(
              Dnnl.DIFF_DESTINATION, dWide,
              Dnnl.WEIGHTS, weights.backward(),
              Dnnl.DIFF_SOURCE, site.dx()));
    }
  }

  @Override
  public String describe() {
    String text = (transposed ? "deconvolution " : "convolution ") + forward.implementation();
    text += weightsBackward == null ? "" : " " + weightsBackward.implementation();
    text += dataBackward == null ? "" : " " + dataBackward.implementation();
    text += addBias == null ? "" : " " + addBias.implementation();
    return text + (pool == null ? "" : " " + pool.implementation());
  }
}
