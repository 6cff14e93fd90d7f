package belay.hdf;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.dataset.DatasetBase;
import io.jhdf.object.datatype.FixedPoint;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The elements of one dataset of whole numbers. Chunks are put together here: jhdf's own arrays of
 * arrays take ten times the memory of the images.
 */
final class ForeignElements {
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;
  private static final long BEST_DEFLATE = 1032; // bytes from one: no stream of zlib gives more

  private final ForeignFile file;
  private final String path;
  private final Dataset dataset;
  private final FixedPoint type;
  private final long[] shape;

  /**
   * @param fileBytes of the whole file: what claims to be more than it could hold is refused
   */
  ForeignElements(ForeignFile file, String path, Dataset dataset, long fileBytes) {
    this.file = file;
    this.path = path;
    this.dataset = dataset;
    this.shape = dataset.getDimensionsAsLong();
    if (!(dataset.getDataType() instanceof FixedPoint integer)) {
      throw file.problem("%s holds no whole numbers".formatted(path));
    }
    this.type = integer;
    long bytes = type.getSize();
    for (long dimension : shape) {
      if (dimension < 1) {
        throw file.problem("%s is empty".formatted(path));
      }
      bytes = Math.multiplyExact(bytes, dimension);
    }
    long most = dataset instanceof ChunkedDataset ? fileBytes * BEST_DEFLATE : fileBytes;
    if (bytes > Math.min(most, MAX_ARRAY)) {
      throw file.problem(
          "%s claims %d bytes, the file of %d can have %d"
              .formatted(path, bytes, fileBytes, Math.min(most, MAX_ARRAY)));
    }
  }

  byte[] unsignedBytes() {
    if (type.getSize() != 1 || type.isSigned()) {
      throw file.problem(
          "%s has elements of %d bits%s, expected 8 bits without a sign (uint8)"
              .formatted(path, 8 * type.getSize(), type.isSigned() ? " with a sign" : ""));
    }
    return bytes();
  }

  long[] integers() {
    if (type.getSize() > Long.BYTES) {
      throw file.problem("%s has elements of more than 64 bits".formatted(path));
    }
    ByteBuffer bytes = ByteBuffer.wrap(bytes()).order(type.getByteOrder());
    long[] values = new long[bytes.limit() / type.getSize()];
    Arrays.setAll(values, i -> value(bytes, i));
    return values;
  }

  private long value(ByteBuffer bytes, int i) {
    return switch (type.getSize()) {
      case 1 -> type.isSigned() ? bytes.get(i) : bytes.get(i) & 0xFF;
      case 2 -> type.isSigned() ? bytes.getShort(2 * i) : bytes.getShort(2 * i) & 0xFFFF;
      case 4 -> type.isSigned() ? bytes.getInt(4 * i) : bytes.getInt(4 * i) & 0xFFFFFFFFL;
      case 8 -> bytes.getLong(8 * i);
      default -> throw file.problem("%s has elements of odd width".formatted(path));
    };
  }

  private byte[] bytes() {
    if (dataset.isEmpty()) {
      throw file.problem("%s holds nothing yet".formatted(path));
    }
    if (dataset instanceof ChunkedDataset chunked) {
      return chunks(chunked);
    }
    byte[] bytes = new byte[Math.toIntExact(dataset.getSize() * type.getSize())];
    ((DatasetBase) dataset).getDataBuffer().get(0, bytes);
    return bytes;
  }

  private byte[] chunks(ChunkedDataset chunked) {
    int[] chunk = chunked.getChunkDimensions();
    long chunkBytes = type.getSize();
    for (int i = 0; i < shape.length; i++) {
      chunkBytes = Math.multiplyExact(chunkBytes, chunk[i]);
    }
    if (chunkBytes < 1 || chunkBytes > MAX_ARRAY) {
      throw file.problem("%s has chunks of %d bytes".formatted(path, chunkBytes));
    }
    byte[] all = new byte[Math.toIntExact(dataset.getSize() * type.getSize())];
    int[] corner = new int[shape.length];
    do {
      byte[] content = chunked.getDecompressedChunk(corner);
      if (content.length < chunkBytes) {
        throw file.problem(
            "%s: the chunk at %s has %d of %d bytes"
                .formatted(path, Arrays.toString(corner), content.length, chunkBytes));
      }
      copy(content, chunk, corner, 0, 0, 0, all);
    } while (advance(corner, chunk));
    return all;
  }

  /** The next corner in row-major order; false after the last one. */
  private boolean advance(int[] corner, int[] chunk) {
    for (int i = corner.length - 1; i >= 0; i--) {
      corner[i] += chunk[i];
      if (corner[i] < shape[i]) {
        return true;
      }
      corner[i] = 0;
    }
    return false;
  }

  /**
   * Copies what of a chunk lies within the dataset, from a dimension on.
   *
   * @param source row of the chunk in the faster dimensions' units
   * @param target the same of the dataset
   */
  private void copy(
      byte[] content,
      int[] chunk,
      int[] corner,
      int dimension,
      long source,
      long target,
      byte[] all) {
    int count = (int) Math.min(chunk[dimension], shape[dimension] - corner[dimension]);
    long from = source * chunk[dimension];
    long to = target * shape[dimension] + corner[dimension];
    if (dimension == shape.length - 1) {
      int bytes = type.getSize();
      System.arraycopy(content, (int) from * bytes, all, (int) to * bytes, count * bytes);
      return;
    }
    for (int i = 0; i < count; i++) {
      copy(content, chunk, corner, dimension + 1, from + i, to + i, all);
    }
  }
}
