package belay.data.picture;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The chunks of a PNG file (ISO/IEC 15948, 5.3). Java's reader does not look at their checksums.
 */
final class PngChunks {
  private static final int FIRST = 8;
  private static final int AROUND = 12; // length and type before, checksum after

  private PngChunks() {}

  /** What the first chunk of a type holds. */
  static Optional<ByteBuffer> find(ByteBuffer file, String type) {
    for (int at = FIRST; at + AROUND <= file.limit(); at = next(file, at)) {
      if (type(file, at).equals(type)) {
        return Optional.of(file.slice(at + 8, file.getInt(at)));
      }
    }
    return Optional.empty();
  }

  /** The type of the first chunk that is not what was written; empty if all are, to the last. */
  static Optional<String> damaged(ByteBuffer file) {
    int at = FIRST;
    while (at + AROUND <= file.limit()) {
      int length = file.getInt(at);
      if (length < 0 || length > file.limit() - at - AROUND) {
        break;
      }
      CRC32 checksum = new CRC32();
      checksum.update(file.slice(at + 4, 4 + length));
      if ((int) checksum.getValue() != file.getInt(at + 8 + length)) {
        return Optional.of(type(file, at));
      }
      if (type(file, at).equals("IEND")) {
        return Optional.empty();
      }
      at = next(file, at);
    }
    return Optional.of("IEND");
  }

  private static int next(ByteBuffer file, int at) {
    return (int) Math.min(file.limit(), at + AROUND + Integer.toUnsignedLong(file.getInt(at)));
  }

  private static String type(ByteBuffer file, int at) {
    byte[] letters = new byte[4];
    file.get(at + 4, letters);
    return new String(letters, StandardCharsets.ISO_8859_1).replaceAll("[^A-Za-z]", "?");
  }
}
