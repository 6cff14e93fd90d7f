package belay.backend.cuda.stage;

import belay.backend.cuda.conv.Epilogue;
import belay.backend.cuda.conv.Geometry;
import belay.backend.cuda.conv.ImageConvForwardKernels;
import belay.backend.cuda.conv.ImageConvGradientKernels;
import belay.backend.cuda.conv.WeightForm;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.frame.Layout;
import belay.backend.cuda.kernels.Parts;
import belay.net.Operation;
import belay.net.Shape;

/**
 * The first convolution of 3x3 with ReLU and pooling, by tensor cores straight from the images'
 * bytes. Its weight gradient reads the pooled gradient: three of four values of the unpooled one
 * are zeros that nobody has to write.
 */
final class ImageConvStage extends ConvStage {
  private static final int PATCH = ImageConvForwardKernels.PATCH;

  private final Geometry geometry;
  private final Arena.Slice weights;

  ImageConvStage(Frame frame, Operation.Conv conv, int output) {
    super(frame, conv, 0, output, Epilogue.POOL, false);
    Shape in = frame.shape(0);
    this.geometry = Geometry.dense(new Shape(in.height(), in.width(), PATCH), outputs());
    this.weights = frame.weights(geometry);
    if (frame.training()) {
      long parts =
          ImageConvGradientKernels.mostParts(frame.layout().shards(), frame.multiprocessors());
      frame.workspace().atLeast(4 * parts * PATCH * outputs());
      reserveColumnSums();
    }
  }

  /** Whether the kernels take this convolution, which a ReLU and a pooling follow. */
  static boolean takes(Frame frame, Operation.Conv conv) {
    return frame.hasTensorKernels(ImageConvForwardKernels.FILE)
        && conv.input() == 0
        && conv.kernel() == 3
        && conv.window().keepsSize()
        && conv.bias().isPresent()
        && frame.shape(0).channels() <= 3
        && conv.filters() % 8 == 0;
  }

  @Override
  void prepare(Tape tape) {
    prepare(tape, WeightForm.FORWARD, geometry, outputs(), weights);
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    tape.add(
        ImageConvForwardKernels.forward(
                frame().core(),
                frame().value(output()),
                argmax(),
                images,
                frame().rows(),
                weights,
                frame().address(conv().bias()),
                count,
                frame().shape(0),
                outputs(),
                frame().multiprocessors())
            .operations(geometry.operations(count)));
  }

  @Override
  void backward(Tape tape, int count, Arena.Slice images) {
    Arena.Slice d = finished(tape, count);
    tape.aside(() -> parameterGradient(tape, d, count, images));
  }

  private void parameterGradient(Tape tape, Arena.Slice d, int count, Arena.Slice images) {
    Shape in = frame().shape(0);
    Parts parts =
        ImageConvGradientKernels.parts(
            in, count, frame().shardSize(count), frame().multiprocessors());
    for (Layout.Launch launch : frame().layout().launches(count)) {
      tape.add(
          ImageConvGradientKernels.gradient(
                  frame().core(),
                  frame().workspace(),
                  images,
                  frame().rows(),
                  d,
                  argmax(),
                  launch.to(),
                  in,
                  outputs(),
                  parts,
                  launch.from() * ImageConvGradientKernels.tiles(in))
              .operations(geometry.operations(count)));
    }
    int stride = PATCH * outputs();
    addSplits(tape, frame().workspace(), parts, stride, conv().weights().size(), false);
    biasGradient(tape, d, count);
  }
}
