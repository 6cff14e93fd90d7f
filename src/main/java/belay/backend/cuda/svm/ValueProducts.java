package belay.backend.cuda.svm;

import belay.backend.KernelFunction;
import belay.backend.Precision;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Gpu;
import belay.backend.cuda.frame.Format;
import belay.error.UnsupportedDeviceException;
import java.nio.ByteBuffer;
import jcuda.driver.CUstream;

/** The products that make kernel values, in one number format; see kernels/svm_values.cuh. */
record ValueProducts(Gpu gpu, SvmValueKernels.Product product) {
  /**
   * @throws UnsupportedDeviceException if the tier in use lacks this precision
   */
  static ValueProducts of(Gpu gpu, Precision precision) {
    SvmValueKernels.Product product =
        precision == Precision.TF32
            ? SvmValueKernels.Product.TF32
            : Format.of(gpu, Precision.FP32) == Format.F32
                ? SvmValueKernels.Product.F32
                : SvmValueKernels.Product.TF32X3;
    if (!gpu.images().has(product.file())) {
      throw new UnsupportedDeviceException(
          "%s with kernels of tier %s cannot compute in %s: set svm.precision=fp32"
              .formatted(gpu.device().name(), gpu.images().tier(), product.suffix()));
    }
    return new ValueProducts(gpu, product);
  }

  /** Floats of a row of samples or of kernel values, with its padding. */
  static int pitch(int count) {
    int unit = SvmValueKernels.ALIGNMENT;
    return Math.addExact(count, unit - 1) / unit * unit;
  }

  /** As the kernels take it: negative for the linear kernel. */
  static float gamma(KernelFunction function) {
    return function instanceof KernelFunction.Rbf rbf ? (float) rbf.gamma() : -1;
  }

  boolean rounds() {
    return product == SvmValueKernels.Product.TF32;
  }

  /**
   * Squared lengths of samples.
   *
   * @param samples address of [rows, depth]
   * @param norms address of [rows]
   */
  void norms(long samples, int rows, int depth, long norms, CUstream stream) {
    gpu.run(
        stream,
        SvmValueKernels.norms(product, Address.of(samples), rows, depth, Address.of(norms)));
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
      return (long) blocks * SvmValueKernels.BLOCK_BYTES;
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
      int down = SvmValueKernels.tiles(left.count);
      tiles =
          Math.addExact(
              tiles, triangle ? down * (down + 1) / 2 : down * SvmValueKernels.tiles(right.count));
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
    gpu.run(
        on,
        SvmValueKernels.values(
            product, tiles, Address.of(table), blocks.blocks(), first, depth, gamma));
  }
}
