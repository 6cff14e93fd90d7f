package belay.backend.onednn;

import belay.net.Operation;
import belay.net.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operations of a program that run as one stage. */
sealed interface Piece {
  /** Number of the value that it defines. */
  int output();

  /**
   * @param form whether an upsampling comes before and is part of it
   * @param input number of the value it reads
   * @param relu whether a ReLU follows
   * @param pool side of the max-pooling windows after that ReLU, or 1
   */
  record Convolution(
      Operation.Conv conv, KernelForm form, int input, boolean relu, int pool, int output)
      implements Piece {}

  /** ReLU, max-pooling or upsampling by itself. */
  record Single(Operation operation) implements Piece {
    @Override
    public int output() {
      return operation.output();
    }
  }

  /**
   * Cuts operations into pieces. The latent value and the output of the program stay values of
   * their own.
   *
   * @param operations a chain: each reads what the one before it defined
   */
  static List<Piece> of(Program program, List<Operation> operations) {
    return new Cutter(program, operations).pieces();
  }

  /** Reads a chain of operations from its beginning to its end. */
  final class Cutter {
    private final Program program;
    private final List<Operation> operations;
    private final List<Piece> pieces = new ArrayList<>();
    private int next;

    private Cutter(Program program, List<Operation> operations) {
      this.program = program;
      this.operations = operations;
      for (int i = 1; i < operations.size(); i++) {
        if (operations.get(i).input() != operations.get(i - 1).output()) {
          throw new IllegalStateException("The oneDNN backend runs chains, not branches");
        }
      }
    }

    private List<Piece> pieces() {
      while (next < operations.size()) {
        Operation operation = operations.get(next++);
        if (operation instanceof Operation.Upsample up && up.factor() == 2) {
          Optional<Operation.Conv> conv = follower(up, Operation.Conv.class);
          conv.filter(c -> c.kernel() == 3)
              .ifPresentOrElse(c -> pieces.add(upsampled(up, c)), () -> pieces.add(new Single(up)));
        } else if (operation instanceof Operation.Conv conv) {
          pieces.add(convolution(conv, KernelForm.PLAIN, conv.input()));
        } else {
          pieces.add(new Single(operation));
        }
      }
      return pieces;
    }

    private Piece upsampled(Operation.Upsample up, Operation.Conv conv) {
      next++;
      Piece.Convolution transposed = convolution(conv, KernelForm.TRANSPOSED, up.input());
      boolean last = transposed.output() == program.output();
      boolean phases = last && program.latent() != program.output() && transposed.pool() == 1;
      int outputs = program.shape(conv.output()).channels();
      return new Convolution(
          conv,
          KernelForm.ofUpsampled(outputs, phases),
          up.input(),
          transposed.relu(),
          transposed.pool(),
          transposed.output());
    }

    private Piece.Convolution convolution(Operation.Conv conv, KernelForm form, int input) {
      int output = conv.output();
      Optional<Operation.Relu> relu = follower(conv, Operation.Relu.class);
      if (relu.isEmpty()) {
        return new Convolution(conv, form, input, false, 1, output);
      }
      next++;
      Optional<Operation.MaxPool> pool = follower(relu.get(), Operation.MaxPool.class);
      if (pool.isEmpty()) {
        return new Convolution(conv, form, input, true, 1, relu.get().output());
      }
      next++;
      return new Convolution(conv, form, input, true, pool.get().size(), pool.get().output());
    }

    /** The next operation, if it is of that type and nobody else wants the value between. */
    private <T extends Operation> Optional<T> follower(Operation operation, Class<T> type) {
      boolean wanted = operation.output() == program.latent();
      return next == operations.size() || wanted || !type.isInstance(operations.get(next))
          ? Optional.empty()
          : Optional.of(type.cast(operations.get(next)));
    }
  }
}
