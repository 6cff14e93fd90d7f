package belay.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;

/**
 * Copies of weights for tensor cores, all made by one launch of kernels/tensor/prepare_copies.cu.
 */
final class Copies {
  private static final int MOST = 64;
  private static final int FIELDS = 12;
  private static final int TILE = 32;

  private final Format format;
  private final Arena.Slice table; // [MOST][FIELDS] 64-bit integers
  private final List<long[]> jobs = new ArrayList<>();
  private int flushed; // jobs of the table that launches before have taken
  private int tiles;

  Copies(Format format, Arena arena) {
    this.format = format;
    this.table = arena.reserve(8L * MOST * FIELDS);
  }

  /** Begins a new tape, whose table is the same as that of the one before. */
  void begin() {
    flushed = 0;
  }

  /**
   * @param form as kernels/prepare.cu defines it
   * @return false if the table is full
   */
  boolean add(
      CUdeviceptr weights,
      Arena.Slice to,
      int form,
      int side,
      int ci,
      int co,
      int padded,
      Geometry g) {
    if (flushed + jobs.size() == MOST) {
      return false;
    }
    jobs.add(
        new long[] {
          Arena.address(weights),
          Arena.address(to.pointer()),
          form,
          side,
          ci,
          co,
          padded,
          g.phases(),
          g.depth(),
          g.outputs(),
          tiles,
          0
        });
    tiles += g.phases() * tiles(g.depth()) * tiles(g.outputs());
    return true;
  }

  private static int tiles(int length) {
    return (length + TILE - 1) / TILE;
  }

  /** Adds the launch, if anything is to be copied; its table is written now. */
  void flush(Tape tape) {
    if (jobs.isEmpty()) {
      return;
    }
    long[] all = jobs.stream().flatMapToLong(java.util.Arrays::stream).toArray();
    CUdeviceptr rows = table.pointer().withByteOffset(8L * FIELDS * flushed);
    CudaError.check(
        JCudaDriver.cuMemcpyHtoD(rows, Pointer.to(all), 8L * all.length), "copy to the GPU");
    tape.add(
        "prepare_copies",
        "prepare_copies_" + format.products(),
        tiles,
        1,
        1,
        256,
        rows,
        jobs.size());
    flushed += jobs.size();
    jobs.clear();
    tiles = 0;
  }
}
