package belay.backend.cuda.svm;

import belay.backend.KernelFunction;
import belay.backend.PairProblem;
import belay.backend.PairSolution;
import belay.backend.SvmLayout;
import belay.backend.SvmProgress;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Gpu;
import belay.backend.cuda.driver.Space;
import belay.backend.cuda.kernels.SvmSolveKernels;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import jcuda.Pointer;
import jcuda.driver.CUstream;

/**
 * Solves binary problems side by side on the device, as many as its memory holds, while kernel
 * values of the next ones are computed; see kernels/svm_solve.cu. Each problem goes its own way, so
 * that the order of events changes no bit.
 */
final class PairSolver {
  private static final int PROBLEM_BYTES = SvmSolveKernels.PROBLEM_BYTES;
  private static final int STATE_BYTES = SvmSolveKernels.STATE_BYTES;
  private static final int IN_FLIGHT = 1024;
  private static final long TABLES_BYTES = (long) IN_FLIGHT * (PROBLEM_BYTES + STATE_BYTES);
  private static final long FEWEST_ITERATIONS = 10_000_000;

  /** What a launch should take, so that a stop flag is seen soon and launching costs little. */
  private static final double SLICE_SECONDS = 0.01;

  private final SvmLayout layout;
  private final Gpu gpu;
  private final ValueBlocks blocks;
  private final CudaSamples samples;
  private final boolean unitDiagonal;
  private final CUstream stream;
  private final double tolerance;
  private final List<PairProblem> problems;
  private final PairSolution[] solutions;
  private final Deque<Active> pending = new ArrayDeque<>();
  private final List<Active> active = new ArrayList<>();
  private final Map<BitSet, Mask> masks = new IdentityHashMap<>();
  private Space.Part tables; // problems, then states
  private int slice = 500;
  private int solved;
  private long finished; // iterations of solved problems

  /** A problem with its memory. */
  private static final class Active {
    private final int index;
    private final PairProblem problem;
    private final int[] count;
    private final int[] pitch;
    private final List<ValueBlocks.Block> needs;
    private Space.Part memory; // F, b, rooms
    private Mask mask;
    private double most;
    private double least;
    private long iterations;
    private int first = -1;
    private boolean done;

    private Active(int index, PairProblem problem, SvmLayout layout, ValueBlocks blocks) {
      this.index = index;
      this.problem = problem;
      int a = problem.first();
      int b = problem.second();
      count = new int[] {layout.classSizes()[a], layout.classSizes()[b]};
      pitch = new int[] {ValueProducts.pitch(count[0]), ValueProducts.pitch(count[1])};
      needs = List.of(blocks.block(a, a), blocks.block(b, b), blocks.block(a, b));
    }

    private int size() {
      return pitch[0] + pitch[1];
    }

    private boolean ready() {
      return needs.stream().allMatch(ValueBlocks.Block::ready);
    }
  }

  /** Samples left out, a byte each, on the device while problems use it. */
  private static final class Mask {
    private final Space.Part memory;
    private int users;

    private Mask(Space.Part memory) {
      this.memory = memory;
    }
  }

  PairSolver(
      Gpu gpu,
      SvmLayout layout,
      ValueBlocks blocks,
      CudaSamples samples,
      KernelFunction kernel,
      CUstream stream,
      List<PairProblem> problems,
      double tolerance) {
    this.gpu = gpu;
    this.layout = layout;
    this.blocks = blocks;
    this.samples = samples;
    this.unitDiagonal = kernel instanceof KernelFunction.Rbf;
    this.stream = stream;
    this.problems = problems;
    this.tolerance = tolerance;
    this.solutions = new PairSolution[problems.size()];
  }

  /** Memory besides the kernel values of a problem in flight. */
  static long stateBytes(SvmLayout layout, int a, int b) {
    long size =
        ValueProducts.pitch(layout.classSizes()[a]) + ValueProducts.pitch(layout.classSizes()[b]);
    return Space.rounded(17 * size);
  }

  /** Memory besides problems in flight. */
  static long commonBytes(SvmLayout layout, int problems) {
    int most = Math.min(problems, IN_FLIGHT);
    return Space.rounded(TABLES_BYTES)
        + 8 * Space.rounded(layout.samples())
        + most * Space.rounded(ValueProducts.Table.bytes(3));
  }

  List<PairSolution> solve(SvmProgress progress) {
    // Problems of the same classes one after the other, so that their kernel values are needed
    // once.
    IntStream.range(0, problems.size())
        .boxed()
        .sorted(
            Comparator.comparingInt((Integer i) -> low(problems.get(i)))
                .thenComparingInt(i -> high(problems.get(i))))
        .forEach(i -> pending.add(new Active(i, problems.get(i), layout, blocks)));
    pending.forEach(next -> next.needs.forEach(block -> blocks.want(block, 1)));
    tables = blocks.take(TABLES_BYTES).orElseThrow();
    try {
      while (solved < problems.size()) {
        advance(progress);
        long going = active.stream().mapToLong(one -> one.iterations).sum();
        progress.report(solved, problems.size(), finished + going);
      }
    } finally {
      clean();
    }
    return Arrays.asList(solutions);
  }

  private static int low(PairProblem problem) {
    return Math.min(problem.first(), problem.second());
  }

  private static int high(PairProblem problem) {
    return Math.max(problem.first(), problem.second());
  }

  private void advance(SvmProgress progress) {
    while (!pending.isEmpty() && active.size() < IN_FLIGHT && admit(pending.peek())) {
      active.add(pending.poll());
    }
    if (active.isEmpty()) {
      blocks.clear(); // what was kept lies in the way: a problem alone always fits
      if (!admit(pending.peek())) {
        throw new IllegalStateException("A problem alone does not fit");
      }
      active.add(pending.poll());
    }
    blocks.feed();
    List<Active> ready = active.stream().filter(Active::ready).toList();
    if (ready.isEmpty()) {
      blocks.await();
    } else {
      slice(ready);
      for (Active one : ready.stream().filter(each -> each.done).toList()) {
        finish(one);
        progress.solved(one.index, solutions[one.index]);
      }
    }
  }

  private boolean admit(Active next) {
    Optional<Space.Part> memory = blocks.take(17L * next.size());
    if (memory.isEmpty()) {
      return false;
    }
    next.memory = memory.get();
    if (!mask(next) || !blocks.use(next.needs)) {
      free(next);
      return false;
    }
    return true;
  }

  private boolean mask(Active next) {
    BitSet leftOut = next.problem.leftOut();
    if (leftOut.isEmpty()) {
      return true;
    }
    Mask mask = masks.get(leftOut);
    if (mask == null) {
      Optional<Space.Part> memory = blocks.take(layout.samples());
      if (memory.isEmpty()) {
        return false;
      }
      mask = new Mask(memory.get());
      masks.put(leftOut, mask);
      ByteBuffer bytes = Gpu.table(layout.samples());
      leftOut.stream().forEach(place -> bytes.put(place, (byte) 1));
      Gpu.upload(mask.memory.pointer(), bytes, stream);
    }
    mask.users++;
    next.mask = mask;
    return true;
  }

  private void free(Active one) {
    blocks.giveBack(one.memory);
    if (one.mask != null && --one.mask.users == 0) {
      blocks.giveBack(one.mask.memory);
      masks.remove(one.problem.leftOut());
      one.mask = null;
    }
  }

  /** Takes every problem that is ready some iterations further. */
  private void slice(List<Active> ready) {
    int largest = ready.stream().mapToInt(Active::size).max().orElseThrow();
    ByteBuffer table = Gpu.table((long) ready.size() * (PROBLEM_BYTES + STATE_BYTES));
    ready.forEach(one -> describe(one, table));
    ready.forEach(one -> putState(one, table));
    Gpu.upload(tables.pointer(), table, stream);
    long began = System.nanoTime();
    gpu.run(
        stream,
        SvmSolveKernels.solve(
            unitDiagonal,
            SvmSolveKernels.Size.of(largest),
            ready.size(),
            Address.of(tables.address()),
            Address.of(tables.address() + (long) ready.size() * PROBLEM_BYTES),
            tolerance,
            slice,
            FEWEST_ITERATIONS));
    byte[] states = new byte[ready.size() * STATE_BYTES];
    Gpu.download(
        Pointer.to(states),
        tables.pointer().withByteOffset((long) ready.size() * PROBLEM_BYTES),
        states.length,
        stream);
    double seconds = (System.nanoTime() - began) * 1e-9;
    ByteBuffer back = ByteBuffer.wrap(states).order(table.order());
    ready.forEach(one -> takeState(one, back));
    slice = (int) Math.max(50, Math.min(1 << 20, slice * Math.min(2, SLICE_SECONDS / seconds)));
  }

  private void describe(Active one, ByteBuffer table) {
    PairProblem problem = one.problem;
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
      table.putLong(one.mask == null ? 0 : one.mask.memory.address() + layout.start(c));
    }
    long size = one.size();
    table.putLong(one.memory.address()).putLong(one.memory.address() + 8 * size);
    table.putLong(one.memory.address() + 16 * size);
    table.putDouble(problem.firstBound()).putDouble(problem.secondBound());
    table.putInt(one.count[0]).putInt(one.count[1]).putInt(one.pitch[0]).putInt(one.pitch[1]);
  }

  private static void putState(Active one, ByteBuffer table) {
    table.putDouble(one.most).putDouble(one.least).putLong(one.iterations);
    table.putInt(one.first).putInt(0);
  }

  private static void takeState(Active one, ByteBuffer table) {
    one.most = table.getDouble();
    one.least = table.getDouble();
    one.iterations = table.getLong();
    one.first = table.getInt();
    one.done = table.getInt() != 0;
  }

  private void finish(Active one) {
    int size = one.size();
    double[] values = new double[2 * size]; // F, b
    Gpu.download(Pointer.to(values), one.memory.pointer(), 16L * size, stream);
    solutions[one.index] = solution(one, values);
    one.needs.forEach(block -> blocks.want(block, -1));
    blocks.release(one.needs);
    free(one);
    active.remove(one);
    solved++;
    finished += one.iterations;
  }

  /** As belay.svm.host.SmoSolver ends. */
  private PairSolution solution(Active one, double[] values) {
    double[] coefficients = new double[one.count[0] + one.count[1]];
    double objective = 0;
    double sum = 0;
    int free = 0;
    for (int c = 0; c < 2; c++) {
      int start = layout.start(c == 0 ? one.problem.first() : one.problem.second());
      double lowest = c == 0 ? 0 : -one.problem.secondBound();
      double highest = c == 0 ? one.problem.firstBound() : 0;
      for (int i = 0; i < one.count[c]; i++) {
        double f = values[c * one.pitch[0] + i];
        double b = values[one.size() + c * one.pitch[0] + i];
        coefficients[c * one.count[0] + i] = b;
        objective -= b * (f + (c == 0 ? 1 : -1));
        if (b > lowest && b < highest && !one.problem.leftOut().get(start + i)) {
          sum -= f;
          free++;
        }
      }
    }
    double rho = free > 0 ? sum / free : -(one.most + one.least) / 2;
    return new PairSolution(
        coefficients, rho, objective / 2, one.iterations, one.most - one.least < tolerance);
  }

  private void clean() {
    blocks.abandon();
    active.forEach(this::free);
    blocks.giveBack(tables);
  }
}
