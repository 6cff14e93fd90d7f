package belay.backend.cuda.net;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.kernels.Epilogue;
import belay.backend.cuda.kernels.Geometry;
import belay.backend.cuda.kernels.ImageKernels;
import belay.backend.cuda.kernels.Parts;
import belay.backend.cuda.kernels.WeightForm;
import belay.net.Operation;
import belay.net.Shape;

/**
 * A convolution of a value, or of the images: few channels make long patches of a few dozen values,
 * which are gathered straight from the bytes so that the convolution becomes a dense product.
 */
final class PlainConvStage extends ConvStage {
  private final Arena.Slice patches; // null where a value is read
  private final Geometry forward;
  private final Geometry backward;
  private final Arena.Slice weights;
  private final Arena.Slice transposed;

  PlainConvStage(Frame frame, int index, Operation.Conv conv, int output, Epilogue epilogue) {
    super(frame, index, conv, conv.input(), output, epilogue, true);
    Shape in = small();
    if (readsImages(frame, conv)) {
      Shape columns = new Shape(in.height(), in.width(), (patch(in, conv) + 31) / 32 * 32);
      this.patches = frame.activations(columns);
      this.forward = Geometry.dense(columns, outputs());
    } else {
      this.patches = null;
      this.forward = Geometry.same(in, outputs(), conv.kernel());
      frame.value(input());
    }
    this.weights = frame.weights(forward);
    boolean first = conv.input() == 0 || !frame.training();
    Shape full = new Shape(in.height(), in.width(), outputs());
    this.backward = first ? null : Geometry.same(full, in.channels(), conv.kernel());
    this.transposed = first ? null : frame.weights(backward);
    if (frame.training()) {
      reserveParts(forward);
    }
  }

  static boolean readsImages(Frame frame, Operation.Conv conv) {
    return conv.input() == 0 && patch(frame.shape(0), conv) <= ImageKernels.MOST_COLUMNS;
  }

  private static int patch(Shape in, Operation.Conv conv) {
    return conv.kernel() * conv.kernel() * in.channels();
  }

  @Override
  void prepare(Tape tape) {
    prepare(tape, WeightForm.FORWARD, forward, outputs(), weights);
  }

  @Override
  void prepareBackward(Tape tape) {
    if (transposed != null) {
      prepare(tape, WeightForm.INPUT_GRADIENT, backward, outputs(), transposed);
    }
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    if (patches != null) {
      tape.add(
          ImageKernels.gatherPatches(
              frame().type(),
              images,
              frame().rows(),
              patches,
              count,
              small(),
              conv().kernel(),
              forward.in().channels()));
    }
    product(tape, forward, x(), weights, count);
  }

  private Arena.Slice x() {
    return patches != null ? patches : frame().value(input());
  }

  @Override
  void backward(Tape tape, int count, boolean finished, Stage before, Arena.Slice images) {
    Arena.Slice d = finished(tape, count, finished);
    tape.aside(() -> parameterGradient(tape, d, count));
    if (before != null && transposed != null) {
      inputProduct(tape, backward, d, transposed, count, before);
    }
  }

  private void parameterGradient(Tape tape, Arena.Slice d, int count) {
    Parts parts = frame().products().parts(forward, count);
    int stride = forward.depth() * outputs();
    Address columns = frame().workspace().at((long) parts.count() * stride);
    boolean counted =
        frame().products().weightGradient(tape, forward, x(), d, parts(), columns, count);
    addSplits(tape, parts(), parts, stride, conv().weights().size(), false);
    if (counted) {
      addSplits(tape, columns, parts, outputs(), outputs(), true);
    } else {
      biasGradient(tape, d, count);
    }
  }
}
