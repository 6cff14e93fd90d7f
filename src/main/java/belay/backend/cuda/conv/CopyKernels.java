package belay.backend.cuda.conv;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.kernels.CoreType;

/** kernels/tensor/prepare_copies.cu: all copies of weights that a step reads, in one launch. */
public final class CopyKernels {
  /** Copies that one table holds: a launch has a thread for each. */
  public static final int MOST = 256;

  /** 64-bit integers that describe a copy. */
  public static final int FIELDS = 12;

  public static final int TILE = 32;
  private static final int THREADS = 256;

  private CopyKernels() {}

  /** Blocks that a copy of so many rows and columns takes. */
  public static int tiles(int phases, int rows, int columns) {
    return phases * tiles(rows) * tiles(columns);
  }

  private static int tiles(int length) {
    return (length + TILE - 1) / TILE;
  }

  /**
   * @param jobs [count][FIELDS]
   * @param tiles of all jobs
   */
  public static Call prepare(CoreType type, Address jobs, int count, int tiles) {
    return Call.of("prepare_copies", "prepare_copies", type.suffix())
        .in("Copy", jobs)
        .ints(count)
        .by(tiles, 1, 1, THREADS);
  }
}
