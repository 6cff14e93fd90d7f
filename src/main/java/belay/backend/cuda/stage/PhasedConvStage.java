package belay.backend.cuda.stage;

import belay.backend.cuda.conv.Epilogue;
import belay.backend.cuda.conv.Geometry;
import belay.backend.cuda.conv.GradientOperands;
import belay.backend.cuda.conv.WeightForm;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Frame;
import belay.net.Operation;

/**
 * Nearest-neighbour upsampling by 2, then a 3x3 convolution, as four 2x2 convolutions of the small
 * image: 2.25 times fewer operations in all three passes.
 */
final class PhasedConvStage extends ConvStage {
  private final Geometry forward;
  private final Geometry backward;
  private final Arena.Slice weights;
  private final Arena.Slice transposed;

  PhasedConvStage(Frame frame, Operation.Conv conv, int input, int output, Epilogue epilogue) {
    super(frame, conv, input, output, epilogue, true);
    frame.value(input);
    this.forward = Geometry.phases(small(), outputs());
    this.weights = frame.weights(forward);
    this.backward = Geometry.strided(small(), outputs(), inputs());
    this.transposed = wantsInputGradient() ? frame.weights(backward) : null;
    if (frame.training()) {
      reserveParts(backward);
    }
  }

  @Override
  void prepare(Tape tape) {
    prepare(tape, WeightForm.PHASES, forward, outputs(), weights);
  }

  @Override
  void prepareBackward(Tape tape) {
    if (transposed != null) {
      prepare(tape, WeightForm.TAPS_DOWN, backward, outputs(), transposed);
    }
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    product(tape, forward, frame().value(input()), weights, count);
  }

  @Override
  void backward(Tape tape, int count, Arena.Slice images) {
    Arena.Slice d = finished(tape, count);
    tape.aside(() -> parameterGradient(tape, d, count));
    if (transposed != null) {
      inputProduct(tape, backward, d, transposed, count, true);
    }
  }

  /** The roles are swapped: the output's gradient is gathered, the small input is not. */
  private void parameterGradient(Tape tape, Arena.Slice d, int count) {
    biasGradient(tape, d, count);
    GradientOperands operands = new GradientOperands(d, frame().value(input()), parts(), null);
    frame().products().weightGradient(tape, backward, operands, count);
    foldTaps(tape, frame().products().parts(backward, count), outputs());
  }
}
