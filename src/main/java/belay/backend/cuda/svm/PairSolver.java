package belay.backend.cuda.svm;

import belay.backend.KernelFunction;
import belay.backend.PairProblem;
import belay.backend.PairSolution;
import belay.backend.SvmLayout;
import belay.backend.SvmProgress;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Gpu;
import belay.backend.cuda.driver.Space;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
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
  private final Deque<ActivePair> pending = new ArrayDeque<>();
  private final List<ActivePair> active = new ArrayList<>();
  private final LeftOutMasks masks;
  private Space.Part tables; // problems, then states
  private int slice = 500;
  private int solved;
  private long finished; // iterations of solved problems

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
    this.masks = new LeftOutMasks(blocks, layout.samples(), stream);
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
        .forEach(i -> pending.add(new ActivePair(i, problems.get(i), layout, blocks)));
    pending.forEach(next -> next.needs().forEach(block -> blocks.want(block, 1)));
    tables = blocks.take(TABLES_BYTES).orElseThrow();
    try {
      while (solved < problems.size()) {
        advance(progress);
        long going = active.stream().mapToLong(ActivePair::iterations).sum();
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
    List<ActivePair> ready = active.stream().filter(ActivePair::isReady).toList();
    if (ready.isEmpty()) {
      blocks.await();
    } else {
      slice(ready);
      for (ActivePair one : ready.stream().filter(ActivePair::isDone).toList()) {
        finish(one);
        progress.solved(one.index(), solutions[one.index()]);
      }
    }
  }

  private boolean admit(ActivePair next) {
    Optional<Space.Part> memory = blocks.take(next.bytes());
    if (memory.isEmpty()) {
      return false;
    }
    next.use(memory.get());
    BitSet leftOut = next.problem().leftOut();
    if (!masks.use(leftOut)) {
      blocks.giveBack(next.memory());
      return false;
    }
    if (!blocks.use(next.needs())) {
      free(next);
      return false;
    }
    return true;
  }

  private void free(ActivePair one) {
    blocks.giveBack(one.memory());
    masks.free(one.problem().leftOut());
  }

  /** Takes every problem that is ready some iterations further. */
  private void slice(List<ActivePair> ready) {
    int largest = ready.stream().mapToInt(ActivePair::size).max().orElseThrow();
    ByteBuffer table = Gpu.table((long) ready.size() * (PROBLEM_BYTES + STATE_BYTES));
    for (ActivePair one : ready) {
      one.describe(blocks, samples, masks.address(one.problem().leftOut()), table);
    }
    ready.forEach(one -> one.putState(table));
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
    ready.forEach(one -> one.takeState(back));
    slice = (int) Math.max(50, Math.min(1 << 20, slice * Math.min(2, SLICE_SECONDS / seconds)));
  }

  private void finish(ActivePair one) {
    double[] values = new double[2 * one.size()]; // F, b
    Gpu.download(Pointer.to(values), one.memory().pointer(), 16L * one.size(), stream);
    solutions[one.index()] = one.solution(values, tolerance);
    one.needs().forEach(block -> blocks.want(block, -1));
    blocks.release(one.needs());
    free(one);
    active.remove(one);
    solved++;
    finished += one.iterations();
  }

  private void clean() {
    blocks.abandon();
    active.forEach(this::free);
    blocks.giveBack(tables);
  }
}
