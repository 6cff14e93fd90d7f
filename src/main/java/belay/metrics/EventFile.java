package belay.metrics;

import belay.storage.AtomicFile;
import belay.storage.Fence;
import belay.storage.PlainFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Curves as TensorBoard reads them: records of TensorFlow's TFRecord format, each an Event message
 * of tensorboard/compat/proto/event.proto. Written whole each time, so that a resumed run has no
 * epoch twice.
 */
public final class EventFile {
  private static final int WALL_TIME = 1 << 3 | 1; // field number and wire type
  private static final int STEP = 2 << 3;
  private static final int FILE_VERSION = 3 << 3 | 2;
  private static final int SUMMARY = 5 << 3 | 2;
  private static final int VALUE = 1 << 3 | 2;
  private static final int TAG = 1 << 3 | 2;
  private static final int SIMPLE_VALUE = 2 << 3 | 5;

  private EventFile() {}

  /**
   * Scalars of one moment.
   *
   * @param scalars by tag; those that are no numbers are left out
   */
  public record Point(Instant time, long step, Map<String, Double> scalars) {}

  /**
   * Makes the file say exactly this.
   *
   * @throws IOException if it cannot be written; an old file stays
   */
  public static void write(Path file, List<Point> points, Fence fence) throws IOException {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    Instant began = points.isEmpty() ? Instant.EPOCH : points.get(0).time();
    record(records, event(began, text(FILE_VERSION, "brain.Event:2")));
    for (Point point : points) {
      byte[] step = join(new byte[] {STEP}, number(point.step()));
      record(records, event(point.time(), step, message(SUMMARY, summary(point))));
    }
    fence.check();
    PlainFile.directory(file.getParent());
    AtomicFile.write(file, records.toByteArray());
  }

  private static byte[] summary(Point point) {
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    new TreeMap<>(point.scalars())
        .forEach(
            (tag, number) -> {
              if (Double.isFinite(number)) {
                values.writeBytes(message(VALUE, join(text(TAG, tag), scalar(number))));
              }
            });
    return values.toByteArray();
  }

  private static byte[] scalar(double number) {
    return little(5).put((byte) SIMPLE_VALUE).putFloat((float) number).array();
  }

  private static byte[] event(Instant time, byte[]... content) {
    double seconds = time.getEpochSecond() + time.getNano() * 1e-9;
    byte[] wallTime = little(9).put((byte) WALL_TIME).putDouble(seconds).array();
    return join(wallTime, join(content));
  }

  private static byte[] text(int field, String text) {
    return message(field, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] message(int field, byte[] content) {
    return join(new byte[] {(byte) field}, number(content.length), content);
  }

  /** Seven bits a byte, the lowest first. */
  private static byte[] number(long value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (; value >= 0x80; value >>>= 7) {
      bytes.write((int) (value & 0x7f | 0x80));
    }
    bytes.write((int) value);
    return bytes.toByteArray();
  }

  /** Length, its checksum, content, its checksum. */
  private static void record(ByteArrayOutputStream out, byte[] content) {
    byte[] length = little(8).putLong(content.length).array();
    out.writeBytes(length);
    out.writeBytes(checksum(length));
    out.writeBytes(content);
    out.writeBytes(checksum(content));
  }

  /** CRC-32C, rotated and shifted as TFRecord wants it. */
  private static byte[] checksum(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content, 0, content.length);
    int masked = Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    return little(4).putInt(masked).array();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }
}
