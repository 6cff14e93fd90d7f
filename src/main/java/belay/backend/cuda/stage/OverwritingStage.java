package belay.backend.cuda.stage;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.frame.Gradient;

/** One whose kernel writes the gradient of the input and cannot add to it. */
abstract class OverwritingStage extends ValueStage {
  OverwritingStage(Frame frame, String layer, int input, int output) {
    super(frame, layer, input, output);
  }

  @Override
  final void inputGradient(Tape tape, int count, Arena.Slice dy, Gradient dx) {
    Arena.Slice to = dx.next();
    tape.add(gradientCall(count, dy, to));
    dx.leave(tape, count, to);
  }

  abstract Call gradientCall(int count, Arena.Slice dy, Arena.Slice dx);
}
