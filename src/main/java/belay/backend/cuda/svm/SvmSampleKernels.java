package belay.backend.cuda.svm;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;

/**
 * kernels/svm_samples.cu: a matrix x of samples, whose rows are pitch floats and begin with one
 * value for each column.
 */
public final class SvmSampleKernels {
  /** Samples that one part of a column's sum covers. */
  public static final int PART = 256;

  private static final int THREADS = 256;

  private SvmSampleKernels() {}

  /**
   * Copies rows [count, columns] to their places.
   *
   * @param places [count]
   */
  public static Call placeRows(
      int count, Address rows, Address places, int columns, int pitch, Address x) {
    return call("place_rows")
        .in("float", rows)
        .in("int", places)
        .ints(columns, pitch)
        .out("float", x)
        .by(count, 1, 1, THREADS);
  }

  /**
   * Copies samples from their places.
   *
   * @param places [count]
   * @param rows receives [count, rowsPitch]
   */
  public static Call takeRows(
      int count, Address x, Address places, int columns, int pitch, Address rows, int rowsPitch) {
    return call("take_rows")
        .out("float", x)
        .in("int", places)
        .ints(columns, pitch)
        .out("float", rows)
        .ints(rowsPitch)
        .by(count, 1, 1, THREADS);
  }

  /**
   * @param flaws receives the first column that is not finite, or columns [count]
   * @param lengths receives squared lengths [count] f64
   */
  public static Call findFlaws(
      int count, Address x, int columns, int pitch, Address flaws, Address lengths) {
    return call("find_flaws")
        .out("float", x)
        .ints(columns, pitch)
        .out("int", flaws)
        .out("double", lengths)
        .by(count, 1, 1, THREADS);
  }

  /**
   * Sums of values, or of their squared distances to a centre.
   *
   * @param centre [columns] f64, or null
   * @param sums receives [parts, columns] f64
   * @param changes receives whether a value differs from the first sample's [parts, columns] bytes
   */
  public static Call columnParts(
      Address x,
      int samples,
      int columns,
      int pitch,
      Address centre,
      Address sums,
      Address changes) {
    return call("column_parts")
        .out("float", x)
        .ints(samples, columns, pitch)
        .in("double", centre)
        .out("double", sums)
        .out("byte", changes)
        .by(across(columns), parts(samples), 1, THREADS);
  }

  /** Parts of a column's sum. */
  public static int parts(int samples) {
    return (samples + PART - 1) / PART;
  }

  /**
   * Adds up the parts of {@link #columnParts}.
   *
   * @param sums receives [columns] f64
   * @param changed receives [columns] bytes
   */
  public static Call columnJoin(
      Address parts, Address changes, int count, int columns, Address sums, Address changed) {
    return call("column_join")
        .in("double", parts)
        .in("byte", changes)
        .ints(count, columns)
        .out("double", sums)
        .out("byte", changed)
        .by(across(columns), 1, 1, THREADS);
  }

  private static int across(int columns) {
    return (columns + THREADS - 1) / THREADS;
  }

  /**
   * @param mean [columns] f64
   * @param deviation [columns] f64
   */
  public static Call standardizeRows(
      int count, Address x, int columns, int pitch, Address mean, Address deviation) {
    return call("standardize_rows")
        .out("float", x)
        .ints(columns, pitch)
        .in("double", mean)
        .in("double", deviation)
        .by(count, 1, 1, THREADS);
  }

  /** Rounds to what tensor cores read as tf32. */
  public static Call roundRows(int count, Address x, int columns, int pitch) {
    return call("round_rows").out("float", x).ints(columns, pitch).by(count, 1, 1, THREADS);
  }

  private static Call call(String name) {
    return Call.of("svm_samples", name);
  }
}
