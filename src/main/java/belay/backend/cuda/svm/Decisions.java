package belay.backend.cuda.svm;

import belay.backend.DecisionFunctions;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Gpu;
import belay.backend.cuda.driver.Space;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUstream;

/**
 * Decisions of all pairs of classes on some samples at a time, from their kernel values with a set
 * of samples sorted by class; see kernels/svm_decide.cu. Adding is in double and in an order that
 * does not depend on the other samples.
 */
final class Decisions {
  private static final int MOST_ROWS = 4096;

  private final Gpu gpu;
  private final ValueProducts kernels;
  private final ValueProducts.Side support;
  private final int depth;
  private final float gamma;
  private final int classes;
  private final CUstream stream;
  private final CUdeviceptr memory;
  private final Layout layout;
  private final int rows;

  /** Offsets in the memory, for batches of so many rows. */
  private record Layout(
      long values,
      long sums,
      long out,
      long coefficients,
      long rho,
      long starts,
      long pairs,
      long table,
      long end) {
    static Layout of(int rows, int support, int classes) {
      long problems = problems(classes);
      long values = 0;
      long sums = values + Space.rounded(4L * rows * ValueProducts.pitch(support));
      long out = sums + Space.rounded(16L * rows * problems);
      long coefficients = out + Space.rounded(8L * rows * problems);
      long rho = coefficients + Space.rounded(8L * (classes - 1) * support);
      long starts = rho + Space.rounded(8 * problems);
      long pairs = starts + Space.rounded(4L * (classes + 1));
      long table = pairs + Space.rounded(8 * problems);
      long end = table + Space.rounded(ValueProducts.Table.bytes(1));
      return new Layout(values, sums, out, coefficients, rho, starts, pairs, table, end);
    }
  }

  /** Memory for batches of so many rows, at most 4,096. */
  static long bytes(int rows, int support, int classes) {
    return Layout.of(Math.min(rows, MOST_ROWS), support, classes).end();
  }

  /**
   * @param counts samples of each class among the support [k]
   * @param memory of {@link #bytes} for these rows
   */
  Decisions(
      Gpu gpu,
      ValueProducts kernels,
      ValueProducts.Side support,
      int depth,
      float gamma,
      int[] counts,
      int rows,
      CUdeviceptr memory,
      CUstream stream) {
    this.gpu = gpu;
    this.kernels = kernels;
    this.support = support;
    this.depth = depth;
    this.gamma = gamma;
    this.classes = counts.length;
    this.stream = stream;
    this.memory = memory;
    this.rows = Math.min(rows, MOST_ROWS);
    this.layout = Layout.of(this.rows, support.count(), classes);
    int[] starts = new int[classes + 1];
    System.arraycopy(counts, 0, starts, 1, classes);
    Arrays.parallelPrefix(starts, Integer::sum);
    upload(layout.starts, Gpu.table(starts));
    upload(layout.pairs, Gpu.table(pairs()));
  }

  private static long problems(int classes) {
    return (long) classes * (classes - 1) / 2;
  }

  private int[] pairs() {
    return IntStream.range(0, classes)
        .boxed()
        .flatMapToInt(a -> IntStream.range(a + 1, classes).flatMap(b -> IntStream.of(a, b)))
        .toArray();
  }

  /** Samples that one call takes. */
  int rows() {
    return rows;
  }

  /** Computes kernel values of some samples with the support. */
  void values(ValueProducts.Side samples) {
    ValueProducts.Table table = new ValueProducts.Table(1);
    table.add(samples, support, at(layout.values), 0);
    upload(layout.table, table.bytes());
    kernels.values(at(layout.table), table, 0, table.tiles(), depth, gamma, stream);
  }

  void functions(DecisionFunctions functions) {
    upload(layout.coefficients, Gpu.table(functions.coefficients()));
    upload(layout.rho, Gpu.table(functions.rho()));
  }

  /**
   * Decides from the values and the functions last given.
   *
   * @param first row of out to begin with
   */
  void decide(int count, double[] out, int first) {
    int problems = (int) problems(classes);
    gpu.run(
        stream,
        SvmDecideKernels.sums(
            Address.of(at(layout.values)),
            count,
            ValueProducts.pitch(support.count()),
            Address.of(at(layout.coefficients)),
            support.count(),
            Address.of(at(layout.starts)),
            classes,
            Address.of(at(layout.sums))),
        SvmDecideKernels.decisions(
            count,
            Address.of(at(layout.sums)),
            classes,
            Address.of(at(layout.pairs)),
            Address.of(at(layout.rho)),
            problems,
            Address.of(at(layout.out))));
    double[] some = new double[count * problems];
    Gpu.download(Pointer.to(some), memory.withByteOffset(layout.out), 8L * some.length, stream);
    System.arraycopy(some, 0, out, first * problems, some.length);
  }

  private long at(long offset) {
    return Arena.address(memory) + offset;
  }

  private void upload(long offset, ByteBuffer table) {
    Gpu.upload(memory.withByteOffset(offset), table, stream);
  }
}
