package belay.backend.cuda.stage;

import belay.backend.cuda.conv.Epilogue;
import belay.backend.cuda.conv.Geometry;
import belay.backend.cuda.conv.GradientOperands;
import belay.backend.cuda.conv.WeightForm;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.kernels.ImageKernels;
import belay.backend.cuda.kernels.Parts;
import belay.net.Operation;
import belay.net.Shape;
import java.util.Optional;

/**
 * A convolution of a value, or of the images: few channels make long patches of a few dozen values,
 * which are gathered straight from the bytes so that the convolution becomes a dense product.
 */
final class PlainConvStage extends ConvStage {
  private final Arena.Slice patches; // null where a value is read
  private final Geometry forward;
  private final Arena.Slice weights;
  private final Optional<InputGradient> backward;

  PlainConvStage(Frame frame, Operation.Conv conv, int output, Epilogue epilogue) {
    this(
        frame,
        conv,
        output,
        epilogue,
        readsImages(frame, conv),
        forward(frame, conv),
        Geometry.inputGradient(
            frame.shape(conv.input()), frame.shape(conv.output()), conv.window()));
  }

  /**
   * @param gathers whether patches of the images are made first
   * @param backward product that makes the gradient of the input; empty if none can
   */
  private PlainConvStage(
      Frame frame,
      Operation.Conv conv,
      int output,
      Epilogue epilogue,
      boolean gathers,
      Geometry forward,
      Optional<Geometry> backward) {
    super(frame, conv, conv.input(), output, epilogue, true);
    this.forward = forward;
    this.patches = gathers ? frame.activations(forward.in()) : null;
    if (patches == null) {
      frame.value(input());
    }
    this.weights = frame.weights(forward);
    this.backward = wantsInputGradient() ? Optional.of(inputGradient(backward)) : Optional.empty();
    if (frame.training()) {
      reserveParts(forward);
    }
  }

  private static Geometry forward(Frame frame, Operation.Conv conv) {
    Shape in = frame.shape(conv.input());
    if (readsImages(frame, conv)) {
      int columns = (patch(in, conv) + 31) / 32 * 32;
      return Geometry.dense(new Shape(in.height(), in.width(), columns), conv.filters());
    }
    return Geometry.window(in, frame.shape(conv.output()), conv.window());
  }

  /** A convolution of images that are one pixel with all their values. */
  static PlainConvStage linear(Frame frame, Operation.Linear linear) {
    Operation.Conv conv = linear.asConv();
    Shape in = new Shape(1, 1, frame.shape(linear.input()).size());
    Shape out = frame.shape(linear.output());
    return new PlainConvStage(
        frame,
        conv,
        linear.output(),
        Epilogue.PLAIN,
        false,
        Geometry.window(in, out, conv.window()),
        Geometry.inputGradient(in, out, conv.window()));
  }

  private InputGradient inputGradient(Optional<Geometry> product) {
    return product
        .<InputGradient>map(geometry -> new GatheredInputGradient(this, geometry))
        .orElseGet(() -> new DirectInputGradient(frame(), conv()));
  }

  static boolean readsImages(Frame frame, Operation.Conv conv) {
    return conv.input() == 0
        && conv.window().keepsSize()
        && patch(frame.shape(0), conv) <= ImageKernels.MOST_COLUMNS;
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
    backward.ifPresent(gradient -> gradient.prepare(tape));
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    gather(tape, count, images);
    productWithMoments(tape, forward, x(), weights, count);
  }

  @Override
  void infer(Tape tape, int count, Arena.Slice images) {
    gather(tape, count, images);
    product(tape, forward, x(), weights, count);
  }

  private void gather(Tape tape, int count, Arena.Slice images) {
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
  }

  private Arena.Slice x() {
    return patches != null ? patches : frame().value(input());
  }

  @Override
  void backward(Tape tape, int count, Arena.Slice images) {
    Arena.Slice d = finished(tape, count);
    tape.aside(() -> parameterGradient(tape, d, count));
    backward.ifPresent(gradient -> gradient.add(tape, d, count));
  }

  private void parameterGradient(Tape tape, Arena.Slice d, int count) {
    if (!trainsWeights()) {
      biasGradient(tape, d, count);
      return;
    }
    Parts parts = frame().products().parts(forward, count);
    int stride = forward.depth() * outputs();
    Address columns = frame().workspace().at((long) parts.count() * stride);
    GradientOperands operands = new GradientOperands(x(), d, parts(), columns);
    boolean counted = frame().products().weightGradient(tape, forward, operands, count);
    addSplits(tape, parts(), parts, stride, conv().weights().size(), false);
    if (counted && conv().bias().isPresent()) {
      addSplits(tape, columns, parts, outputs(), outputs(), true);
    } else {
      biasGradient(tape, d, count);
    }
  }
}
