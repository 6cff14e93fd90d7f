package belay.backend.cuda.svm;

import belay.backend.PairProblem;
import belay.backend.PairSolution;
import belay.backend.SvmLayout;
import belay.backend.cuda.driver.Space;
import java.nio.ByteBuffer;
import java.util.List;

/** A problem in flight with its memory; see Problem and State in kernels/svm_solve.cu. */
final class ActivePair {
  private final int index;
  private final PairProblem problem;
  private final SvmLayout layout;
  private final int[] count;
  private final int[] pitch;
  private final List<ValueBlocks.Block> needs;
  private Space.Part memory; // F, b, rooms
  private double most;
  private double least;
  private long iterations;
  private int first = -1;
  private boolean done;

  /**
   * @param index of the problem in its call
   */
  ActivePair(int index, PairProblem problem, SvmLayout layout, ValueBlocks blocks) {
    this.index = index;
    this.problem = problem;
    this.layout = layout;
    int a = problem.first();
    int b = problem.second();
    count = new int[] {layout.classSizes()[a], layout.classSizes()[b]};
    pitch = new int[] {ValueProducts.pitch(count[0]), ValueProducts.pitch(count[1])};
    needs = List.of(blocks.block(a, a), blocks.block(b, b), blocks.block(a, b));
  }

  int index() {
    return index;
  }

  PairProblem problem() {
    return problem;
  }

  /** Blocks of kernel values that it reads. */
  List<ValueBlocks.Block> needs() {
    return needs;
  }

  int size() {
    return pitch[0] + pitch[1];
  }

  /** Of F, b and rooms. */
  long bytes() {
    return 17L * size();
  }

  void use(Space.Part memory) {
    this.memory = memory;
  }

  Space.Part memory() {
    return memory;
  }

  boolean isReady() {
    return needs.stream().allMatch(ValueBlocks.Block::ready);
  }

  boolean isDone() {
    return done;
  }

  long iterations() {
    return iterations;
  }

  /**
   * Writes what the kernel reads of it.
   *
   * @param leftOut address of the mask over all samples; 0 for none
   */
  void describe(ValueBlocks blocks, CudaSamples samples, long leftOut, ByteBuffer table) {
    int[] classes = {problem.first(), problem.second()};
    for (int row : classes) {
      for (int column : classes) {
        table.putLong(blocks.block(row, column).values(row, column));
      }
    }
    for (int c : classes) {
      table.putLong(samples.side(layout.start(c), 0).norms());
    }
    for (int c : classes) {
      table.putLong(leftOut == 0 ? 0 : leftOut + layout.start(c));
    }
    table.putLong(memory.address()).putLong(memory.address() + 8L * size());
    table.putLong(memory.address() + 16L * size());
    table.putDouble(problem.firstBound()).putDouble(problem.secondBound());
    table.putInt(count[0]).putInt(count[1]).putInt(pitch[0]).putInt(pitch[1]);
  }

  void putState(ByteBuffer table) {
    table.putDouble(most).putDouble(least).putLong(iterations);
    table.putInt(first).putInt(0);
  }

  void takeState(ByteBuffer table) {
    most = table.getDouble();
    least = table.getDouble();
    iterations = table.getLong();
    first = table.getInt();
    done = table.getInt() != 0;
  }

  /**
   * As belay.svm.host.SmoSolver ends.
   *
   * @param values F, then b, each [size]
   */
  PairSolution solution(double[] values, double tolerance) {
    double[] coefficients = new double[count[0] + count[1]];
    double objective = 0;
    double sum = 0;
    int free = 0;
    for (int c = 0; c < 2; c++) {
      int start = layout.start(c == 0 ? problem.first() : problem.second());
      double lowest = c == 0 ? 0 : -problem.secondBound();
      double highest = c == 0 ? problem.firstBound() : 0;
      for (int i = 0; i < count[c]; i++) {
        double f = values[c * pitch[0] + i];
        double b = values[size() + c * pitch[0] + i];
        coefficients[c * count[0] + i] = b;
        objective -= b * (f + (c == 0 ? 1 : -1));
        if (b > lowest && b < highest && !problem.leftOut().get(start + i)) {
          sum -= f;
          free++;
        }
      }
    }
    double rho = free > 0 ? sum / free : -(most + least) / 2;
    return new PairSolution(coefficients, rho, objective / 2, iterations, most - least < tolerance);
  }
}
