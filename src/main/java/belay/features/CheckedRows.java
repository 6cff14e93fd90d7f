package belay.features;

import belay.error.DeviceException;
import belay.error.StoppedException;
import belay.hdf.Hdf5Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Reads a matrix in pieces, checks its digest, and looks at the stop signal before each piece: a
 * matrix of 50,000 x 8,192 takes seconds.
 */
final class CheckedRows {
  /** Values of a piece: 16 MiB, a few hundredths of a second. */
  private static final int PIECE_VALUES = 1 << 22;

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
    scan((piece, count, at) -> System.arraycopy(piece, 0, values, at, count));
    return values;
  }

  /** Checks the digest. */
  void verify() {
    scan((piece, count, at) -> {});
  }

  private interface Piece {
    void accept(float[] values, int count, int at);
  }

  private void scan(Piece use) {
    MessageDigest sha256 = sha256();
    int most = (int) Math.max(1, Math.min(rows, PIECE_VALUES / Math.max(1, columns)));
    float[] piece = new float[Math.toIntExact(most * columns)];
    for (long first = 0; first < rows; first += most) {
      stopIfAsked();
      int some = (int) Math.min(most, rows - first);
      int count = (int) (some * columns);
      reader.rows(path, first, some, piece);
      add(sha256, piece, count);
      use.accept(piece, count, (int) (first * columns));
    }
    if (!HexFormat.of().formatHex(sha256.digest()).equals(reader.sha256(path))) {
      throw reader.problem(path + " is damaged: its SHA-256 is not the manifest's");
    }
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

  /** The values as the file has them: little endian. */
  private static void add(MessageDigest sha256, float[] values, int count) {
    ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    int most = bytes.capacity() / Float.BYTES;
    for (int from = 0; from < count; from += most) {
      int some = Math.min(most, count - from);
      bytes.asFloatBuffer().put(values, from, some);
      sha256.update(bytes.array(), 0, some * Float.BYTES);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime must have SHA-256", e);
    }
  }
}
