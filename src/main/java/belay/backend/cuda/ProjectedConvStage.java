package belay.backend.cuda;

import belay.net.Operation;
import belay.net.Shape;

/**
 * Upsampling by 2, then a 3x3 convolution with few outputs, at a network's end: one dense product
 * with all 16 taps comes first, then each output gathers the four that touch it. So the wide input
 * is read once, and no product has fewer than 64 columns.
 */
final class ProjectedConvStage extends ConvStage {
  /** Outputs are padded to this, so that accesses take 16 bytes. */
  static final int PADDED = 4;

  private final Geometry forward;
  private final Geometry backward;
  private final Arena.Slice weights;
  private final Arena.Slice transposed;
  private final Arena.Slice
      taps; // [images, pixels, 16 PADDED]: forward's products, backward's patches

  ProjectedConvStage(Frame frame, int index, Operation.Conv conv, int input) {
    super(frame, index, conv, input, conv.output(), Products.Epilogue.PLAIN);
    frame.value(input);
    this.forward = Geometry.dense(small(), 16 * PADDED);
    this.backward = Geometry.dense(forward.grid(), inputs());
    this.weights = frame.weights(forward);
    this.transposed = frame.training() ? frame.weights(backward) : null;
    this.taps = frame.activations(forward.grid());
    if (frame.training()) {
      reserveParts(backward);
      Shape full = frame.shape(conv.output());
      frame.reserveGradient(index, (long) full.height() * full.width() * PADDED);
    }
  }

  @Override
  int gradientChannels() {
    return PADDED;
  }

  @Override
  void prepare(Tape tape) {
    prepare(tape, TAPS_ACROSS, forward, PADDED, weights);
  }

  @Override
  void prepareBackward(Tape tape) {
    if (transposed != null) {
      prepare(tape, TAPS_DOWN, backward, PADDED, transposed);
    }
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    frame()
        .products()
        .gather(
            tape,
            forward,
            Products.Epilogue.PLAIN,
            new Products.Operands(frame().value(input()), weights, null, null, taps, null, null),
            count);
    tape.each(
        "taps",
        frame().kernel("gather_taps"),
        (long) count * frame().shape(output()).size(),
        taps,
        frame().address(conv().bias()),
        frame().value(output()),
        count,
        small().height(),
        small().width(),
        outputs(),
        PADDED);
  }

  @Override
  void backward(Tape tape, int count, boolean finished, Stage before) {
    tape.each(
        "taps",
        frame().kernel("tap_patches"),
        16L * forward.pixels(count),
        gradient(),
        taps,
        count,
        small().height(),
        small().width());
    tape.aside(() -> parameterGradient(tape, count));
    if (before != null) {
      inputProduct(tape, backward, taps, transposed, count, before);
    }
  }

  private void parameterGradient(Tape tape, int count) {
    biasGradient(tape, gradient(), count);
    frame()
        .products()
        .weightGradient(tape, backward, taps, frame().value(input()), parts(), null, count);
    foldTaps(tape, frame().products().splits(backward, count), PADDED);
  }
}
