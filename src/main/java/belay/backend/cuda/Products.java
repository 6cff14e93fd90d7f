package belay.backend.cuda;

import java.util.Locale;

/** The kernels that do nearly all the arithmetic, in one number format. */
interface Products {
  /** What a product does with its sums before it writes them. */
  enum Epilogue {
    PLAIN,
    RELU,
    POOL,
    MASK,
    UNPOOL;

    /** Word in the names of kernels. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Where a gathered product finds its tensors; null for those that its epilogue does not use.
   *
   * @param bias in the parameter vector
   * @param columnSums receives sums of y for {@link #gather} to count; null for none
   */
  record Operands(
      Address x,
      Address weights,
      Address bias,
      Address mask,
      Address y,
      Address argmax,
      Address columnSums) {}

  /** Whether a product's prepared weights lie [outputs][depth] instead of [depth][outputs]. */
  boolean across(Geometry geometry);

  /** Whether masking products may sum the columns of what they write. */
  boolean sumsColumns();

  /**
   * Adds a product to a tape.
   *
   * @return how many partial sums [outputs] of the columns it writes; 0 for none
   */
  int gather(Tape tape, Geometry geometry, Epilogue epilogue, Operands operands, int images);

  /** A bound of {@link #splits} for minibatches of up to so many images. */
  int mostSplits(Geometry geometry, int images);

  /** In how many parts the sum over the pixels is split. */
  int splits(Geometry geometry, int images);

  /**
   * Adds a weight gradient to a tape.
   *
   * @param x gathered [images, in]
   * @param d [images, grid]
   * @param sums receives [splits][depth][outputs]
   * @param columns may receive the sums of d [splits][outputs]; null where nobody wants them
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
