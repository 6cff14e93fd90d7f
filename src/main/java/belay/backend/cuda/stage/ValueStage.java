package belay.backend.cuda.stage;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.Finish;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.frame.Gradient;

/** An operation without parameters on one value, by itself. */
abstract class ValueStage extends Stage {
  ValueStage(Frame frame, String layer, int input, int output) {
    super(frame, layer, input, output);
    frame.value(input);
    frame.value(output);
    gradient().finishedBy(Finish.NONE, frame.shape(output).size());
  }

  final Arena.Slice x() {
    return frame().value(input());
  }

  final Arena.Slice y() {
    return frame().value(output());
  }

  /** Values of the output of a minibatch. */
  final long values(int count) {
    return (long) count * frame().shape(output()).size();
  }

  @Override
  final void backward(Tape tape, int count, Arena.Slice images) {
    Gradient dx = frame().gradient(input());
    if (dx.isWanted()) {
      inputGradient(tape, count, gradient().at(), dx);
    }
  }

  /** Adds the part of a gradient of the input that comes from that of the output. */
  abstract void inputGradient(Tape tape, int count, Arena.Slice dy, Gradient dx);
}
