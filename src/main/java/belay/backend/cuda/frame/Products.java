package belay.backend.cuda.frame;

import belay.backend.cuda.conv.Epilogue;
import belay.backend.cuda.conv.Geometry;
import belay.backend.cuda.conv.GradientOperands;
import belay.backend.cuda.conv.Operands;
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

  /** Whether products may sum the columns of what they write. */
  boolean sumsColumns();

  /**
   * Adds a product to a tape; one that cannot leave the moments it is asked for is plain.
   *
   * @return how many partial sums [outputs] of the columns it writes, each over {@link
   *     belay.backend.cuda.conv.TensorGatherGemmKernels#PART} grid pixels; 0 for none, as where
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
   * @return whether columns were written; some kernels do not
   */
  boolean weightGradient(Tape tape, Geometry geometry, GradientOperands operands, int images);
}
