package belay.backend.cuda.stage;

import belay.backend.cuda.conv.Epilogue;
import belay.backend.cuda.conv.Geometry;
import belay.backend.cuda.conv.GradientOperands;
import belay.backend.cuda.conv.Operands;
import belay.backend.cuda.conv.TapKernels;
import belay.backend.cuda.conv.UpsampleConvLossKernels;
import belay.backend.cuda.conv.WeightForm;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Finish;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.frame.Loss;
import belay.net.Operation;
import belay.net.Shape;

/**
 * Upsampling by 2, then a 3x3 convolution with few outputs, at a network's end: one dense product
 * with all 16 taps comes first, then each output gathers the four that touch it. So the wide input
 * is read once, and no product has fewer than 64 columns.
 */
final class ProjectedConvStage extends ConvStage {
  /** Outputs are padded to this, so that accesses take 16 bytes. */
  static final int PADDED = UpsampleConvLossKernels.CHANNELS;

  private final Geometry forward;
  private final Geometry backward;
  private final Arena.Slice weights;
  private final Arena.Slice transposed;
  private final boolean makesLoss;
  private final Arena.Slice
      lossBias; // [images, PADDED] f32: left by the kernel that makes the loss
  private final Arena.Slice
      taps; // [images, pixels, 16 PADDED]: forward's products, backward's patches

  ProjectedConvStage(Frame frame, Operation.Conv conv, int input) {
    super(frame, conv, input, conv.output(), Epilogue.PLAIN, true);
    frame.value(input);
    this.forward = Geometry.dense(small(), 16 * PADDED);
    this.backward = Geometry.dense(forward.grid(), inputs());
    this.weights = frame.weights(forward);
    this.transposed = wantsInputGradient() ? frame.weights(backward) : null;
    this.taps = frame.activations(forward.grid());
    this.makesLoss =
        frame.training()
            && !frame.program().classifies()
            && frame.hasTensorKernels(UpsampleConvLossKernels.FILE)
            && small().height() * small().width() <= UpsampleConvLossKernels.PIXELS
            && inputs() % 8 == 0;
    this.lossBias = frame.training() ? frame.bytes(new Shape(1, 1, 4 * PADDED)) : null;
    if (frame.training()) {
      reserveParts(backward);
      Shape full = frame.shape(conv.output());
      gradient().finishedBy(Finish.NONE, (long) full.height() * full.width() * PADDED);
    }
  }

  /** Whether the kernels take this convolution, which an upsampling precedes. */
  static boolean takes(Frame frame, Operation.Conv conv) {
    return conv.output() == frame.program().output()
        && frame.program().readers(conv.output()).isEmpty()
        && conv.filters() <= PADDED
        && conv.bias().isPresent();
  }

  @Override
  int gradientChannels() {
    return PADDED;
  }

  @Override
  void prepare(Tape tape) {
    prepare(tape, WeightForm.TAPS_ACROSS, forward, PADDED, weights);
  }

  @Override
  void prepareBackward(Tape tape) {
    if (transposed != null) {
      prepare(tape, WeightForm.TAPS_DOWN, backward, PADDED, transposed);
    }
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    frame()
        .products()
        .gather(
            tape,
            forward,
            Epilogue.PLAIN,
            new Operands(frame().value(input()), weights, null, taps),
            count);
    tape.add(
        TapKernels.gatherTaps(
            frame().type(),
            taps,
            frame().address(conv().bias()),
            frame().value(output()),
            count,
            small(),
            outputs(),
            PADDED));
  }

  @Override
  void backward(Tape tape, int count, Arena.Slice images) {
    if (!makesLoss) {
      gatherPatches(tape, count);
    }
    tape.aside(() -> parameterGradient(tape, count));
    if (transposed != null) {
      inputProduct(tape, backward, taps, transposed, count, true);
    }
  }

  private void gatherPatches(Tape tape, int count) {
    tape.add(TapKernels.tapPatches(frame().type(), gradient().at(), taps, count, small()));
  }

  @Override
  boolean makesLoss() {
    return makesLoss;
  }

  @Override
  void forwardWithLoss(Tape tape, int count, Arena.Slice images, Loss loss, boolean gradient) {
    tape.add(
        UpsampleConvLossKernels.loss(
                frame().core(),
                count,
                gradient ? taps : null,
                loss.errors(),
                lossBias,
                null,
                frame().value(input()),
                weights,
                frame().address(conv().bias()),
                images,
                frame().rows(),
                loss.scale(count),
                small(),
                inputs(),
                outputs())
            .operations(forward.operations(count)));
  }

  private void parameterGradient(Tape tape, int count) {
    if (makesLoss) {
      addSplits(tape, lossBias, frame().parts(count, 1, 1), PADDED, outputs(), true);
    } else {
      biasGradient(tape, gradient().at(), count);
    }
    GradientOperands operands = new GradientOperands(taps, frame().value(input()), parts(), null);
    frame().products().weightGradient(tape, backward, operands, count);
    foldTaps(tape, frame().products().parts(backward, count), PADDED);
  }
}
