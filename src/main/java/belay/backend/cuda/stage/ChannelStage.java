package belay.backend.cuda.stage;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.kernels.ImageKernels;
import belay.net.Operation;

/** {@link Operation.Normalize}, straight from the images' bytes. */
final class ChannelStage extends Stage {
  private final Operation.Normalize normalize;

  ChannelStage(Frame frame, Operation.Normalize normalize) {
    super(frame, normalize.name(), normalize.input(), normalize.output());
    this.normalize = normalize;
    frame.value(output());
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {
    tape.add(
        ImageKernels.normalizeImages(
            frame().type(),
            images,
            frame().rows(),
            frame().value(output()),
            frame().address(normalize.mean()),
            frame().address(normalize.deviation()),
            count,
            frame().shape(0)));
  }

  @Override
  void backward(Tape tape, int count, Arena.Slice images) {}
}
