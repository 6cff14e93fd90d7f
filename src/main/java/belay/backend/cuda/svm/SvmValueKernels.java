package belay.backend.cuda.svm;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;
import java.util.Locale;

/** kernels/svm_values_f32.cu and kernels/tensor/svm_values_TYPE.cu: kernel values in blocks. */
public final class SvmValueKernels {
  /** Rows and columns of a tile. */
  public static final int TILE = 128;

  /** Depths and pitches are multiples of it: whole accesses of tensor cores. */
  public static final int ALIGNMENT = 32;

  /** Of a block in its table. */
  public static final int BLOCK_BYTES = 72;

  /** How dot products are made. */
  public enum Product {
    /** By multiply-adds, on every GPU. */
    F32,
    TF32,
    /** By three products of tensor cores for each. */
    TF32X3;

    public String suffix() {
      return name().toLowerCase(Locale.ROOT);
    }

    private int threads() {
      return this == F32 ? 256 : 128;
    }

    private int shared() {
      return this == F32 ? 0 : 98304;
    }

    /** Which a tier may lack. */
    public String file() {
      return "svm_values_" + suffix();
    }
  }

  private SvmValueKernels() {}

  /** Tiles that so many samples make. */
  public static int tiles(int samples) {
    return (samples + TILE - 1) / TILE;
  }

  /**
   * @param blocks table [count]
   * @param first tile of the table to begin with
   * @param gamma negative for the linear kernel
   */
  public static Call values(
      Product product, int tiles, Address blocks, int count, int first, int depth, float gamma) {
    return Call.of(product.file(), "svm_values", product.suffix())
        .in("ValueBlock", blocks)
        .ints(count, first, depth)
        .floats(gamma)
        .by(tiles, 1, 1, product.threads())
        .shared(product.shared());
  }

  /**
   * @param samples [rows, depth]
   * @param norms receives squared lengths [rows]
   */
  public static Call norms(Product product, Address samples, int rows, int depth, Address norms) {
    return Call.of(product.file(), "svm_norms", product.suffix())
        .in("float", samples)
        .ints(rows, depth)
        .out("float", norms)
        .by(tiles(rows), 1, 1, product.threads())
        .shared(product.shared());
  }
}
