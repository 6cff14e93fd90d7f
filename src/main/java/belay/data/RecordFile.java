package belay.data;

import belay.error.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * One file of records whose length has been checked.
 *
 * @param count records in the file
 */
public record RecordFile(Path path, ImageFormat format, int count) {
  // Large enough for a parallel file system, small enough to be copied out of the cache.
  private static final int BLOCK_BYTES = 1 << 20;

  /**
   * Looks at the file's kind and length and reads nothing.
   *
   * @throws DataException if it is missing, empty, no regular file, or ends within a record
   */
  public static RecordFile of(Path path, ImageFormat format) {
    long length = length(path);
    long count = length / format.recordBytes();
    long rest = length % format.recordBytes();
    if (rest != 0) {
      throw new DataException(
          ("%s: record %d at byte %d has %d of %d bytes (a label and %d x %d x %d pixels); the file"
                  + " is truncated, or data.channels, data.height and data.width do not describe it")
              .formatted(
                  path,
                  count,
                  count * format.recordBytes(),
                  rest,
                  format.recordBytes(),
                  format.channels(),
                  format.height(),
                  format.width()));
    }
    if (count > Integer.MAX_VALUE) {
      throw new DataException("%s: %d records are too many for one file".formatted(path, count));
    }
    return new RecordFile(path, format, (int) count);
  }

  /**
   * Reads all records.
   *
   * @param pixels receives [count, C, H, W] from image {@code first} on
   * @param labels receives [count] from {@code first} on
   * @throws DataException if the file cannot be read or a label is none of the classes
   */
  public void read(byte[] pixels, byte[] labels, int first) {
    int perBlock = Math.max(1, Math.min(count, BLOCK_BYTES / format.recordBytes()));
    byte[] block = new byte[perBlock * format.recordBytes()];
    try (InputStream in = Files.newInputStream(path)) {
      for (int done = 0; done < count; done += perBlock) {
        int records = Math.min(perBlock, count - done);
        fill(in, block, records * format.recordBytes(), done);
        for (int i = 0; i < records; i++) {
          int source = i * format.recordBytes();
          labels[first + done + i] = checked(block[source], done + i);
          int target = (first + done + i) * format.imageBytes();
          System.arraycopy(block, source + 1, pixels, target, format.imageBytes());
        }
      }
    } catch (IOException e) {
      throw new DataException("Cannot read %s: %s".formatted(path, Reason.of(e)), e);
    }
  }

  private void fill(InputStream in, byte[] block, int length, int record) throws IOException {
    int read = in.readNBytes(block, 0, length);
    if (read < length) {
      throw new DataException(
          "%s: ended at byte %d while it was read, expected %d bytes; is something writing it?"
              .formatted(path, offset(record) + read, offset(count)));
    }
  }

  private byte checked(byte label, int record) {
    if ((label & 0xFF) >= format.classes()) {
      throw new DataException(
          ("%s: record %d at byte %d has label %d, expected 0 to %d; the file is damaged, or"
                  + " data.classes, data.channels, data.height and data.width do not describe it")
              .formatted(path, record, offset(record), label & 0xFF, format.classes() - 1));
    }
    return label;
  }

  private long offset(int record) {
    return (long) record * format.recordBytes();
  }

  private static long length(Path path) {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, BasicFileAttributes.class);
    } catch (IOException e) {
      throw new DataException(
          "%s: %s; %s".formatted(path, Reason.of(e), CifarReader.WHERE_FROM), e);
    }
    if (!attributes.isRegularFile()) {
      throw new DataException(
          "%s: is %s, expected a file of records"
              .formatted(path, attributes.isDirectory() ? "a directory" : "no regular file"));
    }
    if (attributes.size() == 0) {
      throw new DataException(
          "%s: is empty (0 bytes); remove it and copy or fetch the data set again".formatted(path));
    }
    return attributes.size();
  }
}
