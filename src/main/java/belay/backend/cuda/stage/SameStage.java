package belay.backend.cuda.stage;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Frame;

/** An operation that outside of training leaves its input as it is, in a plan that never trains. */
final class SameStage extends Stage {
  SameStage(Frame frame, String layer, int input, int output) {
    super(frame, layer, input, output);
    frame.isSame(output, input);
  }

  @Override
  void forward(Tape tape, int count, Arena.Slice images) {}

  @Override
  void backward(Tape tape, int count, Arena.Slice images) {}
}
