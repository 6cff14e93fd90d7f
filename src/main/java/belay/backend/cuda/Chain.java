package belay.backend.cuda;

import belay.net.Operation;
import belay.net.Program;
import java.util.ArrayList;
import java.util.List;

/** A program as a chain of stages, neighbours fused where nobody else reads what lies between. */
final class Chain {
  private final Frame frame;
  private final List<Operation> operations;
  private final List<Stage> stages = new ArrayList<>();

  /**
   * @param operations the whole program or its encoder
   */
  Chain(Frame frame, List<Operation> operations) {
    this.frame = frame;
    this.operations = operations;
    if (needsImages()) {
      stages.add(new ImageStage(frame, 0));
    }
    for (int at = 0; at < operations.size(); ) {
      at = lower(at);
    }
    frame.value(program().latent());
  }

  private Program program() {
    return frame.program();
  }

  private boolean needsImages() {
    return program().latent() == 0
        || !(operations.get(0) instanceof Operation.Conv conv)
        || !PlainConvStage.readsImages(frame, conv);
  }

  /** Makes a stage of the operations from {@code at} on; returns the first that is left. */
  private int lower(int at) {
    Operation operation = operations.get(at);
    if (operation instanceof Operation.Upsample up && phased(at)) {
      return lowerConv(at + 1, up.input());
    } else if (operation instanceof Operation.Conv conv) {
      return lowerConv(at, conv.input());
    } else if (operation instanceof Operation.Relu relu) {
      stages.add(new ReluStage(frame, stages.size(), relu));
    } else if (operation instanceof Operation.MaxPool pool) {
      stages.add(ResampleStage.of(frame, stages.size(), pool));
    } else if (operation instanceof Operation.Upsample up) {
      stages.add(ResampleStage.of(frame, stages.size(), up));
    }
    return at + 1;
  }

  private boolean phased(int at) {
    return operations.get(at) instanceof Operation.Upsample up
        && up.factor() == 2
        && next(at) instanceof Operation.Conv conv
        && conv.kernel() == 3;
  }

  private int lowerConv(int at, int input) {
    Operation.Conv conv = (Operation.Conv) operations.get(at);
    boolean phased = input != conv.input();
    int last = at;
    Products.Epilogue epilogue = Products.Epilogue.PLAIN;
    if (next(last) instanceof Operation.Relu) {
      last++;
      epilogue = Products.Epilogue.RELU;
      if (!phased && next(last) instanceof Operation.MaxPool pool && pool.size() == 2) {
        last++;
        epilogue = Products.Epilogue.POOL;
      }
    }
    int output = operations.get(last).output();
    if (epilogue == Products.Epilogue.POOL && ImageConvStage.takes(frame, conv)) {
      stages.add(new ImageConvStage(frame, stages.size(), conv, output));
    } else if (!phased) {
      stages.add(new PlainConvStage(frame, stages.size(), conv, output, epilogue));
    } else if (conv.output() == program().output()
        && conv.bias().size() <= ProjectedConvStage.PADDED) {
      stages.add(new ProjectedConvStage(frame, stages.size(), conv, input));
    } else {
      stages.add(new PhasedConvStage(frame, stages.size(), conv, input, output, epilogue));
    }
    return last + 1;
  }

  /** The operation after {@code at} if it alone reads that one's output, which nobody extracts. */
  private Operation next(int at) {
    int value = operations.get(at).output();
    boolean alone = operations.stream().filter(o -> o.input() == value).count() == 1;
    boolean follows = at + 1 < operations.size() && operations.get(at + 1).input() == value;
    return alone && follows && value != program().latent() ? operations.get(at + 1) : null;
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
