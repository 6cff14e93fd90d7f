package belay.backend.cuda.stage;

import belay.backend.cuda.conv.ColumnSums;
import belay.backend.cuda.conv.Epilogue;
import belay.backend.cuda.conv.Geometry;
import belay.backend.cuda.conv.Operands;
import belay.backend.cuda.conv.PrepareKernels;
import belay.backend.cuda.conv.TensorGatherGemmKernels;
import belay.backend.cuda.conv.WeightForm;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Finish;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.frame.Gradient;
import belay.backend.cuda.frame.Moments;
import belay.backend.cuda.kernels.Parts;
import belay.backend.cuda.kernels.PointwiseKernels;
import belay.backend.cuda.kernels.ReduceKernels;
import belay.net.Operation;
import belay.net.Parameter;
import belay.net.Shape;
import java.util.Optional;

/**
 * A convolution with what its neighbours let it absorb: an upsampling before it, a ReLU and a 2x2
 * pooling after it. How it computes is its subclasses' matter; what surrounds that is here.
 */
abstract class ConvStage extends Stage {
  private final Operation.Conv conv;
  private final Epilogue epilogue;
  private final boolean unpools;
  private final Arena.Slice argmax;
  private final Arena.Slice unpooled;
  private final Arena.Slice biasParts; // null where nobody sums them

  /**
   * @param input value before an absorbed upsampling
   * @param output value after an absorbed ReLU and pooling
   * @param epilogue PLAIN, RELU or POOL (with ReLU)
   * @param unpools whether gradients are those before the pooling
   */
  ConvStage(
      Frame frame, Operation.Conv conv, int input, int output, Epilogue epilogue, boolean unpools) {
    super(frame, conv.name(), input, output);
    this.conv = conv;
    this.epilogue = epilogue;
    this.unpools = unpools;
    boolean pools = epilogue == Epilogue.POOL;
    frame.value(output);
    this.argmax = pools ? frame.bytes(frame.shape(output)) : null;
    this.unpooled =
        pools && unpools && frame.training() ? frame.activations(gradientShape()) : null;
    boolean counts = frame.training() && frame.products().sumsColumns() && conv.bias().isPresent();
    this.biasParts = counts ? frame.columnParts(frame.shape(output)) : null;
    gradient()
        .finishedBy(new Finish(finish(), argmax, ColumnSums.of(biasParts)), gradientShape().size());
  }

  /** Shape of the gradient that {@link #backward} reads. */
  private Shape gradientShape() {
    return frame().shape(unpools ? conv.output() : output());
  }

  final Operation.Conv conv() {
    return conv;
  }

  final int inputs() {
    return conv.weights().shape().get(2);
  }

  final int outputs() {
    return conv.filters();
  }

  /** Shape of the value before an absorbed upsampling. */
  final Shape small() {
    return frame().shape(input());
  }

  final Arena.Slice argmax() {
    return argmax;
  }

  private Epilogue finish() {
    return switch (epilogue) {
      case RELU -> Epilogue.MASK;
      case POOL -> unpools ? Epilogue.UNPOOL : Epilogue.MASK;
      default -> Epilogue.PLAIN;
    };
  }

  /** Adds the forward product that ends in the output. */
  final void product(Tape tape, Geometry geometry, Arena.Slice x, Arena.Slice weights, int count) {
    product(tape, geometry, x, weights, count, epilogue, ColumnSums.NONE);
  }

  /** The same with the moments of the output's channels where a normalisation follows. */
  final void productWithMoments(
      Tape tape, Geometry geometry, Arena.Slice x, Arena.Slice weights, int count) {
    Optional<Moments> moments =
        frame().moments().of(output()).filter(asked -> epilogue == Epilogue.PLAIN);
    if (moments.isEmpty()) {
      product(tape, geometry, x, weights, count);
    } else {
      ColumnSums sums = moments.get().sums();
      int parts = product(tape, geometry, x, weights, count, Epilogue.MOMENTS, sums);
      moments.get().leave(parts);
    }
  }

  private int product(
      Tape tape,
      Geometry geometry,
      Arena.Slice x,
      Arena.Slice weights,
      int count,
      Epilogue finish,
      ColumnSums sums) {
    Address bias = frame().address(conv.bias());
    Arena.Slice y = frame().value(output());
    Operands operands = new Operands(x, weights, bias, null, null, y, argmax, sums);
    return frame().products().gather(tape, geometry, finish, operands, count);
  }

  /** Whether the gradient of the input is asked for. */
  final boolean wantsInputGradient() {
    return gradient().isWanted() && frame().gradient(input()).isWanted();
  }

  /**
   * Adds a product that makes the gradient of the input.
   *
   * @param pixels whether its rows are the input's pixels
   */
  final void inputProduct(
      Tape tape, Geometry geometry, Arena.Slice d, Arena.Slice weights, int count, boolean pixels) {
    Gradient dx = frame().gradient(input());
    Gradient.Join join = dx.join(pixels);
    Operands operands =
        new Operands(
            d, weights, null, join.mask(), join.addend(), join.dx(), join.argmax(), join.sums());
    int parts = frame().products().gather(tape, geometry, join.epilogue(), operands, count);
    dx.leave(join, parts);
  }

  /** Adds a copy of the weights. */
  final void prepare(Tape tape, WeightForm form, Geometry geometry, int padded, Arena.Slice to) {
    boolean across = frame().products().across(geometry);
    if (across
        && frame()
            .copies()
            .add(
                frame().address(conv.weights()),
                to,
                form,
                conv.kernel(),
                inputs(),
                outputs(),
                padded,
                geometry)) {
      return;
    }
    tape.add(
        PrepareKernels.prepare(
            frame().type(),
            frame().address(conv.weights()),
            to,
            form,
            conv.kernel(),
            inputs(),
            outputs(),
            padded,
            geometry,
            across));
  }

  /** The gradient of the convolution's output, made from that of the stage's output if need be. */
  final Arena.Slice finished(Tape tape, int count) {
    Gradient dy = gradient();
    if (dy.applied() == finish()) {
      return dy.at();
    }
    if (dy.applied() == Epilogue.PLAIN) {
      long total = (long) count * frame().shape(output()).size();
      tape.add(
          PointwiseKernels.reluGradient(
              frame().type(), frame().value(output()), dy.at(), dy.own(), total));
    }
    if (finish() == Epilogue.MASK) {
      return dy.own();
    }
    tape.add(
        PointwiseKernels.unpool(
            frame().type(), dy.own(), argmax, unpooled, count, frame().shape(conv.output())));
    return unpooled;
  }

  /** Makes room for a bias gradient by a pass over the output's gradient. */
  final void reserveColumnSums() {
    frame().workspace().atLeast(4L * ReduceKernels.COLUMN_BLOCKS * outputs());
  }

  /** Makes room for the parts of a weight gradient and of a bias gradient. */
  final void reserveParts(Geometry geometry) {
    long parts = frame().products().mostParts(geometry, frame().batch());
    frame().workspace().atLeast(4 * parts * (geometry.depth() + 1) * geometry.outputs());
    reserveColumnSums();
  }

  final Address parts() {
    return frame().workspace();
  }

  /** Adds the bias gradient, if there is a bias: from the parts that a product left, or from d. */
  final void biasGradient(Tape tape, Arena.Slice d, int count) {
    if (!trains(conv.bias())) {
      return;
    }
    if (gradient().columnParts() > 0) {
      Shape shape = frame().shape(output());
      int each = shape.height() * shape.width();
      Parts sums = frame().parts(count, each, TensorGatherGemmKernels.PART);
      addSplits(tape, biasParts, sums, outputs(), outputs(), true);
      return;
    }
    Shape full = gradientShape();
    int each = full.height() * full.width();
    int pixels = count * each;
    int shard = frame().shardSize(count) * each;
    tape.add(
        ReduceKernels.columnSums(
            frame().type(), d, pixels, shard, gradientChannels(), outputs(), parts()));
    Parts sums = ReduceKernels.columnParts(pixels, shard);
    addSplits(tape, parts(), sums, outputs(), outputs(), true);
  }

  private boolean trains(Optional<Parameter> bias) {
    return bias.filter(frame()::trains).isPresent();
  }

  /** Whether training ever changes the weights. */
  final boolean trainsWeights() {
    return frame().trains(conv.weights());
  }

  /**
   * Adds the sum over parts into the gradient of the bias or of the weights; that of what is frozen
   * for good stays 0.
   */
  final void addSplits(Tape tape, Address from, Parts parts, int stride, int count, boolean bias) {
    Parameter parameter = bias ? conv.bias().orElseThrow() : conv.weights();
    if (!frame().trains(parameter)) {
      return;
    }
    tape.add(
        ReduceKernels.addSplits(
            from,
            parts,
            stride,
            count,
            1 / frame().lossScale(),
            frame().gradientAddress(parameter)));
  }

  /** Adds the sum over parts of a gradient by the 16 taps behind an upsampling. */
  final void foldTaps(Tape tape, Parts parts, int padded) {
    if (!trainsWeights()) {
      return;
    }
    tape.add(
        ReduceKernels.foldTaps(
            parts(),
            parts,
            inputs(),
            outputs(),
            padded,
            1 / frame().lossScale(),
            frame().gradientAddress(conv.weights())));
  }
}
