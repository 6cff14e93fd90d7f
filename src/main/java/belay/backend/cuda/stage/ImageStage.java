package belay.backend.cuda.stage;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.kernels.ImageKernels;
import belay.net.Shape;

/** Makes value 0, for networks in which some operation cannot read the images' bytes. */
final class ImageStage extends Stage {
  ImageStage(Frame frame) {
    super(frame, "image", 0, 0);
    frame.value(0);
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    Shape shape = frame().shape(0);
    tape.add(
        ImageKernels.gatherImages(
            frame().type(), images, frame().rows(), frame().value(0), count, shape));
  }

  @Override
  void backward(Tape tape, int count, Arena.Slice images) {}
}
