package belay.features;

import belay.error.DeviceException;
import belay.error.StoppedException;
import belay.hdf.Hdf5Reader;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Reads a matrix in pieces, checks its digest, and looks at the stop signal before each piece: a
 * matrix of 50,000 x 8,192 takes seconds.
 */
final class CheckedRows {
  /** Values of a piece: 4 MiB, as the digest has it; several are on their way at a time. */
  private static final int PIECE_VALUES = 1 << 20;

  private static final long MIB = 1 << 20;

  private final Hdf5Reader reader;
  private final String path;
  private final BooleanSupplier stop;
  private final long rows;
  private final long columns;

  /**
   * @param path of a float32 matrix
   */
  CheckedRows(Hdf5Reader reader, String path, BooleanSupplier stop) {
    this.reader = reader;
    this.path = path;
    this.stop = stop;
    List<Long> shape = reader.shape(path);
    rows = shape.get(0);
    columns = shape.get(1);
  }

  /**
   * All values, row-major.
   *
   * @throws DeviceException if the Java heap is too small
   * @throws belay.error.DataException if they are not those that were written
   */
  float[] read() {
    float[] values = allocate();
    stream(
        (first, count, piece) ->
            piece.asFloatBuffer().get(values, (int) (first * columns), piece.remaining() / 4));
    return values;
  }

  /** Checks the digest, and that all values are finite. */
  void verify() {
    float[] some = new float[Math.toIntExact(pieceRows() * columns)];
    stream(
        (first, count, piece) -> {
          int length = piece.remaining() / Float.BYTES;
          piece.asFloatBuffer().get(some, 0, length);
          check(some, length, first);
        });
  }

  private void check(float[] values, int count, int firstRow) {
    boolean isFinite = true;
    for (int i = 0; i < count; i++) {
      isFinite &= Math.abs(values[i]) <= Float.MAX_VALUE; // without a branch: thrice as fast
    }
    for (int i = 0; !isFinite && i < count; i++) {
      if (!Float.isFinite(values[i])) {
        throw reader.problem(
            "%s[%d, %d] is %s".formatted(path, firstRow + i / columns, i % columns, values[i]));
      }
    }
  }

  /** Hands over all rows in order; the digest is checked before this returns. */
  void stream(FeatureFile.Rows use) {
    stopIfAsked();
    reader.stream(
        path,
        Math.toIntExact(pieceRows() * columns),
        (first, values) -> {
          stopIfAsked();
          int count = (int) (values.remaining() / Float.BYTES / columns);
          use.accept((int) (first / columns), count, values);
        });
  }

  private long pieceRows() {
    return Math.max(1, Math.min(rows, PIECE_VALUES / Math.max(1, columns)));
  }

  private float[] allocate() {
    long count = rows * columns;
    if (count > Integer.MAX_VALUE - 8) {
      throw reader.problem(
          "%s of %d x %d does not fit into an array".formatted(path, rows, columns));
    }
    try {
      return new float[(int) count];
    } catch (OutOfMemoryError e) {
      long limit = Runtime.getRuntime().maxMemory();
      throw new DeviceException(
          "The features need %,d MiB of the Java heap, which has %,d MiB in all; start it with java -Xmx%dm or more."
              .formatted(mib(count), limit / MIB, limit / MIB + 2 * mib(count)),
          e);
    }
  }

  private static long mib(long values) {
    return values * Float.BYTES / MIB + 1;
  }

  private void stopIfAsked() {
    if (stop.getAsBoolean()) {
      throw new StoppedException(
          "Stopped while reading features; the same command starts this stage again.");
    }
  }
}
