package belay.data.source;

import belay.error.DataException;
import belay.storage.DiskProblem;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A file of unsigned bytes in the format IDX of MNIST (LeCun, Cortes, Burges): two zero bytes, 8
 * for unsigned bytes, the number of dimensions, each dimension in 32 bits, high byte first, and the
 * values; or the same in gzip.
 *
 * @param shape slowest dimension first
 */
record IdxFile(Path path, List<Integer> shape) {
  private static final int UNSIGNED_BYTE = 8;
  private static final long BEST_DEFLATE = 1032; // bytes from one: no stream of zlib gives more

  IdxFile {
    shape = List.copyOf(shape);
  }

  /**
   * Reads the header.
   *
   * @throws DataException if it is none, or promises what the file cannot hold
   */
  static IdxFile open(Path path) {
    try (DataInputStream in = stream(path)) {
      IdxFile file = new IdxFile(path, header(path, in));
      file.checkLength();
      return file;
    } catch (IOException e) {
      throw problem(path, e);
    }
  }

  int count() {
    return shape.get(0);
  }

  /**
   * All values.
   *
   * @throws DataException if the file has fewer or more than its header says
   */
  byte[] values() {
    try (DataInputStream in = stream(path)) {
      if (!header(path, in).equals(shape)) {
        throw new DataException(path + ": changed while it was read; is something writing it?");
      }
      byte[] values = new byte[(int) size()];
      in.readFully(values);
      if (in.read() >= 0) {
        throw new DataException(
            "%s: goes on after the %d values of its header %s; it is damaged"
                .formatted(path, size(), shape));
      }
      return values;
    } catch (OutOfMemoryError e) {
      throw new DataException(
          "%s: %d MiB do not fit Java's heap of %d MiB; start java with a larger -Xmx"
              .formatted(path, size() >> 20, Runtime.getRuntime().maxMemory() >> 20),
          e);
    } catch (IOException e) {
      throw problem(path, e);
    }
  }

  private long size() {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }

  private long headerBytes() {
    return 4 + 4L * shape.size();
  }

  /** Before anything is allocated: some bytes may claim gigabytes. */
  private void checkLength() throws IOException {
    long length = Files.size(path);
    boolean isPacked = isPacked(path);
    long most = isPacked ? length * BEST_DEFLATE : length - headerBytes();
    boolean isWhole = isPacked ? size() <= most : size() == most;
    if (!isWhole || size() > Integer.MAX_VALUE - 8) {
      throw new DataException(
          "%s: its header says %s, which its %d bytes do not hold; it is truncated or damaged"
              .formatted(path, shape, length));
    }
  }

  private static List<Integer> header(Path path, DataInputStream in) throws IOException {
    int magic = in.readInt();
    int dimensions = magic & 0xFF;
    if (magic >>> 8 != UNSIGNED_BYTE || dimensions < 1 || dimensions > 4) {
      throw new DataException(
          "%s: begins with %08x, expected 00000801 to 00000804: an IDX file of unsigned bytes"
              .formatted(path, magic));
    }
    List<Integer> shape = new ArrayList<>();
    long values = 1;
    for (int d = 0; d < dimensions; d++) {
      int length = in.readInt();
      values = length < 1 ? 0 : values * length;
      if (values < 1 || values > Integer.MAX_VALUE) {
        throw new DataException(
            "%s: dimension %d of its header is %d; it is damaged".formatted(path, d, length));
      }
      shape.add(length);
    }
    return shape;
  }

  private static DataInputStream stream(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new DataException(path + ": is no regular file, expected an IDX file");
    }
    InputStream file = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    try {
      return new DataInputStream(isPacked(path) ? new GZIPInputStream(file, 1 << 16) : file);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private static boolean isPacked(Path path) {
    return path.toString().endsWith(".gz");
  }

  private static DataException problem(Path path, IOException e) {
    String reason = e instanceof EOFException ? "it ends too early" : DiskProblem.reason(e);
    return new DataException(
        "%s: cannot be read as IDX: %s; copy it again".formatted(path, reason), e);
  }
}
