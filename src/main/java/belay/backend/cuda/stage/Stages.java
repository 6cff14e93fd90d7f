package belay.backend.cuda.stage;

import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.frame.DeviceImages;
import belay.backend.cuda.frame.Frame;
import belay.backend.cuda.frame.Loss;
import belay.backend.fusion.OfKind;
import belay.backend.fusion.Piece;
import belay.backend.fusion.Pieces;
import belay.net.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A program as stages, one for each piece, in an order in which they can run. */
public final class Stages {
  private final Frame frame;
  private final List<Stage> stages = new ArrayList<>();

  /**
   * @param operations of the program, those that are to run
   */
  public Stages(Frame frame, List<Operation> operations) {
    this.frame = frame;
    List<Piece> pieces = Pieces.of(frame.program(), operations, new CudaFusions(frame.program()));
    if (frame.training()) {
      frame.gradients().expect(pieces);
    }
    if (needsImages(operations)) {
      stages.add(new ImageStage(frame));
    }
    for (Piece piece : pieces) {
      stages.add(piece.accept(new Lowering(frame)));
    }
    frame.gradients().reserve();
  }

  private boolean needsImages(List<Operation> operations) {
    return frame.program().isMarked(0)
        || operations.stream()
            .filter(operation -> operation.inputs().contains(0))
            .anyMatch(operation -> !readsImages(operation));
  }

  /** Whether an operation on the images reads their bytes, and needs no value made of them. */
  private boolean readsImages(Operation operation) {
    return operation.accept(OfKind.NORMALIZE).isPresent()
        || operation
            .accept(OfKind.CONV)
            .filter(conv -> PlainConvStage.readsImages(frame, conv))
            .isPresent();
  }

  /**
   * Adds what must run once the parameters have changed: what the first stage needs comes first.
   */
  public void prepare(Tape tape) {
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

  /** Adds the forward pass outside of training. */
  public void infer(Tape tape, int count, Arena.Slice images) {
    each(tape, stage -> stage.infer(tape, count, images));
  }

  /** Adds a forward pass; what the stages after the first have been prepared is there by then. */
  private void each(Tape tape, Consumer<Stage> forward) {
    for (Stage stage : stages) {
      tape.at(stage.layer(), "forward");
      forward.accept(stage);
      if (stage == stages.get(0)) {
        tape.join();
      }
    }
  }

  /**
   * Adds forward pass and loss.
   *
   * @param step whether this is a training step, so that {@link #backward} follows
   * @param sum what the images' errors are added to
   */
  public void forwardWithLoss(
      Tape tape, int count, DeviceImages images, Loss loss, boolean step, Loss.Sum sum) {
    frame.gradients().begin();
    Stage end = end();
    each(
        tape,
        stage -> {
          if (stage == end && end.makesLoss()) {
            end.forwardWithLoss(tape, count, images.targets(), loss, step);
          } else if (step) {
            stage.forward(tape, count, images.pixels());
          } else {
            stage.infer(tape, count, images.pixels());
          }
        });
    tape.at(null, "loss");
    if (!end.makesLoss()) {
      Arena.Slice d = step ? end.gradient().next() : null;
      loss.errors(tape, count, images, d, end.gradientChannels());
    }
    if (step) {
      end.gradient().leave(tape, count, end.gradient().next());
    }
    tape.aside(() -> loss.add(tape, count, sum, end.makesLoss()));
  }

  /** The stage that defines the output. */
  private Stage end() {
    return stages.stream()
        .filter(stage -> stage.output() == frame.program().output())
        .findFirst()
        .orElseThrow();
  }

  /** Adds the gradients, after the loss has left that of the output. */
  public void backward(Tape tape, int count, Arena.Slice images) {
    for (int i = stages.size() - 1; i >= 0; i--) {
      Stage stage = stages.get(i);
      if (stage.gradient().isWanted()) {
        tape.at(stage.layer(), "backward");
        stage.backward(tape, count, images);
      }
    }
  }
}
