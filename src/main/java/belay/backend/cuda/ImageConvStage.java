package belay.backend.cuda;

import belay.net.Operation;
import belay.net.Shape;

/**
 * The first convolution of 3x3 with ReLU and pooling, by tensor cores straight from the images'
 * bytes. Its weight gradient reads the pooled gradient: three of four values of the unpooled one
 * are zeros that nobody has to write.
 */
final class ImageConvStage extends ConvStage {
  private static final int COLUMNS = 32; // of a patch: 3 * 3 * 3 and padding
  private static final int OUTPUTS = 256; // that one row of blocks makes

  private final Geometry geometry;
  private final Arena.Slice weights;

  ImageConvStage(Frame frame, int index, Operation.Conv conv, int output) {
    super(frame, index, conv, 0, output, Products.Epilogue.POOL, false);
    Shape in = frame.shape(0);
    this.geometry = Geometry.dense(new Shape(in.height(), in.width(), COLUMNS), outputs());
    this.weights = frame.weights(geometry);
    if (frame.training()) {
      frame.workspace().atLeast(4L * blocks() * COLUMNS * outputs());
      reserveColumnSums();
    }
  }

  /** Whether the kernels take this convolution, which a ReLU and a pooling follow. */
  static boolean takes(Frame frame, Operation.Conv conv) {
    return frame.hasTensorKernel("image_conv_relu_pool_forward")
        && conv.input() == 0
        && conv.kernel() == 3
        && frame.shape(0).channels() <= 3
        && conv.filters() % 8 == 0;
  }

  private int blocks() {
    return 2 * frame().multiprocessors();
  }

  private int rows() {
    return (outputs() + OUTPUTS - 1) / OUTPUTS;
  }

  @Override
  void prepare(Tape tape) {
    prepare(tape, FORWARD, geometry, outputs(), weights);
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    Shape in = frame().shape(0);
    tape.add(
        "image_conv_relu_pool_forward",
        "image_conv_relu_pool_forward_" + frame().format().products(),
        Math.min(3 * frame().multiprocessors(), 16 * count),
        rows(),
        1,
        128,
        frame().format().bytes() == 2 ? 37120 : 65792,
        geometry.operations(count),
        new Object[] {
          frame().value(output()),
          argmax(),
          images,
          frame().rows(),
          weights,
          frame().address(conv().bias()),
          count,
          in.height(),
          in.width(),
          in.channels(),
          outputs()
        });
  }

  @Override
  void backward(Tape tape, int count, boolean finished, Stage before, Arena.Slice images) {
    Arena.Slice d = finished(tape, count, finished);
    tape.aside(() -> parameterGradient(tape, d, count, images));
  }

  private void parameterGradient(Tape tape, Arena.Slice d, int count, Arena.Slice images) {
    Shape in = frame().shape(0);
    tape.add(
        "image_conv_weight_gradient",
        "image_conv_weight_gradient_" + frame().format().products(),
        blocks(),
        rows(),
        1,
        128,
        frame().format().bytes() == 2 ? 43008 : 75776,
        geometry.operations(count),
        new Object[] {
          frame().workspace(),
          images,
          frame().rows(),
          d,
          argmax(),
          count,
          in.height(),
          in.width(),
          in.channels(),
          outputs()
        });
    int stride = COLUMNS * outputs();
    addSplits(
        tape, frame().workspace().pointer(), blocks(), stride, conv().weights().size(), false);
    biasGradient(tape, d, count);
  }
}
