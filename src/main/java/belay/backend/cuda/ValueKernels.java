package belay.backend.cuda;

import belay.backend.KernelFunction;
import belay.backend.Precision;
import belay.error.DeviceException;
import java.nio.ByteBuffer;
import jcuda.driver.CUstream;

/**
 * The products that make kernel values, in one number format; see kernels/svm_values.cuh.
 *
 * @param type ending of the kernels' names
 * @param block threads of a block
 * @param shared bytes of dynamic shared memory
 */
record ValueKernels(Gpu gpu, String type, int block, int shared) {
  private static final int TILE = 128;
  private static final int BYTES = 72; // of a block in a table

  /** Rows of samples and of kernel values are padded to whole accesses of tensor cores. */
  static final int ALIGNMENT = 32;

  /**
   * @throws DeviceException if the tier in use lacks this precision
   */
  static ValueKernels of(Gpu gpu, Precision precision) {
    String type =
        precision == Precision.TF32 ? "tf32" : gpu.format(Precision.FP32).products(); // f32, tf32x3
    if (!gpu.images().has("svm_values_" + type)) {
      throw new DeviceException(
          "%s with kernels of tier %s cannot compute in %s: set svm.precision=fp32"
              .formatted(gpu.device().name(), gpu.images().tier(), type));
    }
    boolean tensor = !type.equals("f32");
    return new ValueKernels(gpu, type, tensor ? 128 : 256, tensor ? 98304 : 0);
  }

  static int pitch(int count) {
    return Math.addExact(count, ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** As the kernels take it: negative for the linear kernel. */
  static float gamma(KernelFunction function) {
    return function instanceof KernelFunction.Rbf rbf ? (float) rbf.gamma() : -1;
  }

  boolean rounds() {
    return type.equals("tf32");
  }

  /**
   * Squared lengths of samples.
   *
   * @param samples address of [rows, depth]
   * @param norms address of [rows]
   */
  void norms(long samples, int rows, int depth, long norms, CUstream stream) {
    launch("svm_norms_", tiles(rows), new Object[] {samples, rows, depth, norms}, stream);
  }

  /**
   * Samples side by side.
   *
   * @param rows address of [count, depth]
   * @param norms address of their squared lengths
   */
  record Side(long rows, long norms, int count) {}

  /** A table of blocks, to be read by {@link #values}. */
  static final class Table {
    private final ByteBuffer bytes;
    private int tiles;
    private int blocks;

    Table(int blocks) {
      bytes = Gpu.table(bytes(blocks));
    }

    static long bytes(int blocks) {
      return (long) blocks * BYTES;
    }

    /**
     * @param out address of [left, pitch of right]
     * @param mirror address of the transpose [right, pitch of left], or 0; out for samples with
     *     themselves
     */
    void add(Side left, Side right, long out, long mirror) {
      boolean triangle = out == mirror;
      bytes.putLong(left.rows).putLong(right.rows).putLong(left.norms).putLong(right.norms);
      bytes.putLong(out).putLong(mirror).putInt(left.count).putInt(right.count);
      bytes.putInt(pitch(right.count)).putInt(pitch(left.count)).putInt(tiles);
      bytes.putInt(triangle ? 1 : 0);
      int down = ValueKernels.tiles(left.count);
      tiles =
          Math.addExact(
              tiles, triangle ? down * (down + 1) / 2 : down * ValueKernels.tiles(right.count));
      blocks++;
    }

    ByteBuffer bytes() {
      return bytes;
    }

    int tiles() {
      return tiles;
    }

    int blocks() {
      return blocks;
    }
  }

  /**
   * Some tiles of a table's blocks.
   *
   * @param table address of the table
   */
  void values(long table, Table blocks, int first, int tiles, int depth, float gamma, CUstream on) {
    launch("svm_values_", tiles, new Object[] {table, blocks.blocks(), first, depth, gamma}, on);
  }

  private void launch(String name, int grid, Object[] arguments, CUstream stream) {
    Tape tape = gpu.tape();
    tape.add("svm_values_" + type, name + type, grid, 1, 1, block, shared, 0, arguments);
    tape.run(stream);
  }

  private static int tiles(int length) {
    return (length + TILE - 1) / TILE;
  }
}
