package belay.backend.cuda.frame;

import belay.backend.cuda.conv.Epilogue;
import belay.backend.cuda.conv.Geometry;
import belay.backend.cuda.conv.Operands;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Gpu;
import belay.backend.cuda.driver.Tape;
import belay.backend.cuda.kernels.Parts;

/** The kernels that do nearly all the arithmetic, in one number format. */
public interface Products {
  /** Those of a GPU in a format. */
  static Products of(Gpu gpu, Format format, Layout layout) {
    return new TiledProducts(
        format, gpu.device().multiprocessors(), gpu.images().tierNumber(), layout);
  }

  /** Whether a product's prepared weights lie [outputs][depth] instead of [depth][outputs]. */
  boolean across(Geometry geometry);

  /** Whether masking products may sum the columns of what they write. */
  boolean sumsColumns();

  /**
   * Adds a product to a tape.
   *
   * @return how many partial sums [outputs] of the columns it writes, each over {@link
   *     belay.backend.cuda.kernels.TensorGatherGemmKernels#PART} grid pixels; 0 for none, as where
   *     they would have pixels of two shards
   */
  int gather(Tape tape, Geometry geometry, Epilogue epilogue, Operands operands, int images);

  /** A bound of the number of {@link #parts} for minibatches of up to so many images. */
  int mostParts(Geometry geometry, int images);

  /** In which parts a weight gradient sums over the grid pixels. */
  Parts parts(Geometry geometry, int images);

  /**
   * Adds a weight gradient to a tape.
   *
   * @param x gathered [images, in]
   * @param d [images, grid]
   * @param sums receives [parts][depth][outputs]
   * @param columns may receive the sums of d [parts][outputs]; null where nobody wants them
   * @return whether columns were written
   */
  boolean weightGradient(
      Tape tape,
      Geometry geometry,
      Arena.Slice x,
      Arena.Slice d,
      Address sums,
      Address columns,
      int images);
}
