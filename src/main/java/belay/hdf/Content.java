package belay.hdf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes that a digest in the manifest stands for: numbers as they lie in the file, strings as
 * UTF-8 with a zero byte between two of them, so that padding does not count.
 */
final class Content {
  private Content() {}

  /** One line of the manifest; two spaces as sha256sum prints them. */
  static String line(String sha256, ElementType type, List<Long> shape, String path) {
    return sha256 + "  " + type + "  " + Extent.text(shape) + "  " + path;
  }

  /** The manifest's line of an attribute. */
  static String attributeLine(String path, Object value) {
    if (value instanceof String text) {
      return line(Sha256.of(text), ElementType.STRING, List.of(), path);
    }
    if (value instanceof String[] texts) {
      String joined = String.join("\0", texts);
      return line(Sha256.of(joined), ElementType.STRING, List.of((long) texts.length), path);
    }
    ByteBuffer bytes = number(value);
    return line(new Sha256().add(bytes).hex(), type(value), List.of(), path);
  }

  private static ByteBuffer number(Object value) {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    if (value instanceof Integer number) {
      bytes.putInt(number);
    } else if (value instanceof Long number) {
      bytes.putLong(number);
    } else {
      bytes.putDouble((Double) value);
    }
    return bytes.flip();
  }

  private static ElementType type(Object number) {
    if (number instanceof Integer) {
      return ElementType.INT32;
    }
    return number instanceof Long ? ElementType.INT64 : ElementType.FLOAT64;
  }

  /** Strings of equal length, each ended by at least one zero byte. */
  static ByteBuffer encode(List<String> strings, int elementBytes) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(strings.size(), elementBytes));
    for (int i = 0; i < strings.size(); i++) {
      bytes.position(i * elementBytes).put(utf8(strings.get(i)));
    }
    return bytes.rewind();
  }

  static List<String> decode(ByteBuffer bytes, int elementBytes) {
    List<String> strings = new ArrayList<>();
    for (int at = 0; at < bytes.limit(); at += elementBytes) {
      int length = 0;
      while (length < elementBytes && bytes.get(at + length) != 0) {
        length++;
      }
      strings.add(StandardCharsets.UTF_8.decode(bytes.slice(at, length)).toString());
    }
    return strings;
  }

  /** Bytes that the longest of the strings needs with its terminating zero. */
  static int elementBytes(List<String> strings) {
    return 1 + strings.stream().mapToInt(string -> utf8(string).length).max().orElse(0);
  }

  static byte[] utf8(String string) {
    if (string.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("HDF5 strings cannot hold a zero byte: " + string);
    }
    return string.getBytes(StandardCharsets.UTF_8);
  }
}
