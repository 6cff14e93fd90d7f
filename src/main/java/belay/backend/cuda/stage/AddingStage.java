package belay.backend.cuda.stage;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.frame.Gradient;
import belay.backend.cuda.frame.Target;

/** One whose kernel can add to the gradient of the input, and mask it. */
abstract class AddingStage extends ValueStage {
  AddingStage(Frame frame, String layer, int input, int output) {
    super(frame, layer, input, output);
  }

  @Override
  final void inputGradient(Tape tape, int count, Arena.Slice dy, Gradient dx) {
    Target to = dx.target();
    tape.add(gradientCall(count, dy, to));
    dx.leave(tape, count, to);
  }

  abstract Call gradientCall(int count, Arena.Slice dy, Target to);
}
