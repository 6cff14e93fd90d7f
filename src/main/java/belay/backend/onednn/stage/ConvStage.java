package belay.backend.onednn.stage;

import belay.backend.fusion.Piece;
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
import java.util.Map;
import java.util.Optional;

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
  private final Descriptor input;
  private final Descriptor wide; // before pooling
  private final Descriptor output;
  private final Primitive forward;
  private final Primitive addBias;
  private final Primitive pool;
  private final Primitive reluGradient;
  private final Primitive poolGradient;
  private final KernelWeights weights;

  /**
   * @param form how the convolution, with an upsampling before it, runs
   * @param x layout of the input; {@link Primitives#anyActivation} to let oneDNN choose
   * @param wantsDx whether somebody asks for the gradient of the input
   */
  ConvStage(
      Primitives make,
      GradientLayout gradients,
      Program program,
      Piece.Convolution piece,
      KernelForm form,
      Descriptor x,
      boolean wantsDx) {
    ConvSize size = form.size(piece.conv());
    transposed = form == KernelForm.TRANSPOSED;
    phases = form == KernelForm.PHASES;
    boolean relu = piece.relu().isPresent();
    wide =
        make.activation(
            phases
                ? size.over(program.shape(piece.input()))
                : program.shape(piece.conv().output()));
    forward = forward(make, size, x, relu);
    addBias = transposed ? make.pointwise().addBias(wide, size.outputs(), relu) : null;
    input = forward.descriptor(Dnnl.SOURCE);
    Optional<Pooling> window = piece.pool().map(max -> Pooling.max(max.window()));
    output = window.isPresent() ? make.activation(program.shape(piece.output())) : wide;
    pool = window.map(w -> make.resampling().pool(w, wide, output)).orElse(null);
    boolean training = make.training();
    reluGradient = training && relu ? make.pointwise().eltwiseGradient(Eltwise.RELU, output) : null;
    poolGradient =
        training && pool != null
            ? make.resampling().poolGradient(window.orElseThrow(), wide, output, pool)
            : null;
    KernelWeights.Passes passes =
        new KernelWeights.Passes(
            forward,
            training ? weightsGradient(make, size) : null,
            training && wantsDx ? dataGradient(make, size) : null);
    weights = new KernelWeights(make, Kernel.of(piece.conv(), form), passes, gradients);
  }

  private Primitive forward(Primitives make, ConvSize size, Descriptor x, boolean relu) {
    return transposed
        ? make.deconvolutions().forward(size, x, wide)
        : make.convolutions().forward(size, x, wide, relu);
  }

  private Primitive weightsGradient(Primitives make, ConvSize size) {
    return transposed
        ? make.deconvolutions().weightsGradient(size, input, wide, forward)
        : make.convolutions().weightsGradient(size, input, wide, forward);
  }

  private Primitive dataGradient(Primitives make, ConvSize size) {
    return transposed
        ? make.deconvolutions().dataGradient(size, input, wide, forward)
        : make.convolutions().dataGradient(size, input, wide, forward);
  }

  /** Layout of the value that it reads. */
  Descriptor input() {
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
  public Optional<Weights> weights() {
    return Optional.of(weights);
  }

  @Override
  public void bind(Tape tape, Site site) {
    Buffer wideValue = pool == null ? site.y() : tape.allocate(wide);
    bindForward(tape, site, wideValue);
    Buffer places = bindPool(tape, site, wideValue);
    if (site.dy() != null) {
      // The value before pooling is not needed again: its memory, still in the cache, takes its
      // gradient.
      Buffer dWide = pool == null ? site.dy() : wideValue;
      bindPointwiseBackward(tape, site, dWide, places);
      weights.bindBackward(tape, site, dWide);
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
      weights.bindForward(tape, site, wideValue);
    }
  }

  /** Places of the maxima, or null without pooling or training. */
  private Buffer bindPool(Tape tape, Site site, Buffer wideValue) {
    if (pool == null) {
      return null;
    }
    if (poolGradient == null) {
      tape.forward(pool, Map.of(Dnnl.SOURCE, wideValue, Dnnl.DESTINATION, site.y()));
      return null;
    }
    Buffer places = tape.allocate(pool.descriptor(Dnnl.WORKSPACE));
    tape.forward(
        pool, Map.of(Dnnl.SOURCE, wideValue, Dnnl.DESTINATION, site.y(), Dnnl.WORKSPACE, places));
    return places;
  }

  private void bindPointwiseBackward(Tape tape, Site site, Buffer dWide, Buffer places) {
    if (reluGradient != null) {
      tape.backward(
          reluGradient,
          Map.of(
              Dnnl.DESTINATION, site.y(),
              Dnnl.DIFF_DESTINATION, site.dy(),
              Dnnl.DIFF_SOURCE, site.dy()));
    }
    if (poolGradient != null) {
      tape.backward(
          poolGradient,
          Map.of(
              Dnnl.DIFF_DESTINATION, site.dy(),
              Dnnl.DIFF_SOURCE, dWide,
              Dnnl.WORKSPACE, places));
    }
  }

  @Override
  public String describe() {
    String text = (transposed ? "deconvolution " : "convolution ") + weights.describe();
    text += addBias == null ? "" : " " + addBias.implementation();
    return text + (pool == null ? "" : " " + pool.implementation());
  }
}
