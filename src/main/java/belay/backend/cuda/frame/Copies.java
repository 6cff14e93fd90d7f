package belay.backend.cuda.frame;

import belay.backend.cuda.conv.CopyKernels;
import belay.backend.cuda.conv.Geometry;
import belay.backend.cuda.conv.WeightForm;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Tape;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUdeviceptr;

/**
 * Copies of weights for tensor cores, all made by one launch of kernels/tensor/prepare_copies.cu.
 */
public final class Copies {
  private final Format format;
  private final Arena.Slice table; // 64-bit integers
  private final List<long[]> jobs = new ArrayList<>();
  private int flushed; // jobs of the table that launches before have taken
  private int tiles;

  Copies(Format format, Arena arena) {
    this.format = format;
    this.table = arena.reserve(8L * CopyKernels.MOST * CopyKernels.FIELDS);
  }

  /** Begins a new tape, whose table is the same as that of the one before. */
  public void begin() {
    flushed = 0;
  }

  /**
   * @return false if the table is full
   */
  public boolean add(
      Address weights,
      Arena.Slice to,
      WeightForm form,
      int side,
      int ci,
      int co,
      int padded,
      Geometry g) {
    if (flushed + jobs.size() == CopyKernels.MOST) {
      return false;
    }
    jobs.add(
        new long[] {
          weights.address(),
          to.address(),
          form.code(),
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
    tiles += CopyKernels.tiles(g.phases(), g.depth(), g.outputs());
    return true;
  }

  /** Adds the launch, if anything is to be copied; its table is written now. */
  public void flush(Tape tape) {
    if (jobs.isEmpty()) {
      return;
    }
    long[] all = jobs.stream().flatMapToLong(java.util.Arrays::stream).toArray();
    CUdeviceptr rows = table.pointer().withByteOffset(8L * CopyKernels.FIELDS * flushed);
    tape.upload(rows, all);
    Address at = Address.of(table.address() + 8L * CopyKernels.FIELDS * flushed);
    tape.add(CopyKernels.prepare(format.core().orElseThrow(), at, jobs.size(), tiles));
    flushed += jobs.size();
    jobs.clear();
    tiles = 0;
  }
}
