package belay.backend.cuda.net;

import belay.backend.Piece;
import belay.backend.Pieces;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.net.Operation;
import java.util.ArrayList;
import java.util.List;

/** A program as a chain of stages, one for each piece. */
final class Chain {
  private final Frame frame;
  private final List<Stage> stages = new ArrayList<>();

  /**
   * @param operations of the program, those that are to run
   */
  Chain(Frame frame, List<Operation> operations) {
    this.frame = frame;
    if (needsImages(operations)) {
      stages.add(new ImageStage(frame, 0));
    }
    for (Piece piece : Pieces.chain(frame.program(), operations, new CudaFusions())) {
      stages.add(piece.accept(new Lowering(frame, stages.size())));
    }
  }

  private boolean needsImages(List<Operation> operations) {
    return frame.program().isMarked(0) || !operations.get(0).accept(new ImageReader(frame));
  }

  /**
   * Adds what must run once the parameters have changed: what the first stage needs comes first.
   */
  void prepare(Tape tape) {
    tape.at(null, "prepare");
    frame.copies().begin();
    stages.get(0).prepare(tape);
    frame.copies().flush(tape);
    tape.aside(
        () -> {
          stages.stream().skip(1).forEach(stage -> stage.prepare(tape));
          if (frame.training()) {
            stages.forEach(stage -> stage.prepareBackward(tape));
          }
          frame.copies().flush(tape);
        });
  }

  /** Adds the forward pass. */
  void forward(Tape tape, int count, Arena.Slice images) {
    forward(tape, count, images, stages.size());
  }

  private void forward(Tape tape, int count, Arena.Slice images, int end) {
    tape.at(stages.get(0).layer(), "forward");
    stages.get(0).forward(tape, count, images);
    tape.join();
    for (Stage stage : stages.subList(1, end)) {
      tape.at(stage.layer(), "forward");
      stage.forward(tape, count, images);
    }
  }

  /**
   * Adds forward pass and loss.
   *
   * @param gradient whether {@link #backward} follows
   * @param sum what the images' errors are added to
   */
  void forwardWithLoss(
      Tape tape, int count, Arena.Slice images, Loss loss, boolean gradient, Loss.Sum sum) {
    Stage last = last();
    if (last.makesLoss()) {
      forward(tape, count, images, stages.size() - 1);
      tape.at(last.layer(), "forward");
      last.forwardWithLoss(tape, count, images, loss, gradient);
    } else {
      forward(tape, count, images, stages.size());
      tape.at(null, "loss");
      Arena.Slice d = gradient ? last.gradient() : null;
      loss.errors(tape, count, images, d, last.gradientChannels());
    }
    tape.at(null, "loss");
    tape.aside(() -> loss.add(tape, count, sum, last.makesLoss()));
  }

  /** Adds the gradients, after the loss has left that of the output. */
  void backward(Tape tape, int count, Arena.Slice images) {
    boolean finished = false;
    for (int i = stages.size() - 1; i >= 0; i--) {
      Stage stage = stages.get(i);
      boolean first = stage.input() == 0;
      tape.at(stage.layer(), "backward");
      stage.backward(tape, count, finished, first ? null : stages.get(i - 1), images);
      finished = stage.finishesBefore();
    }
  }

  Stage last() {
    return stages.get(stages.size() - 1);
  }
}
