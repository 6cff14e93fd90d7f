package belay.chaos;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Changes of files of bytes, with the checks of their formats made right. */
final class MangledBytes {
  private static final int TAR_BLOCK = 512;

  private MangledBytes() {}

  /** Cut, longer, or with other bytes in a place. */
  static String anywhere(Path file, Random random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int at = random.nextInt(Math.max(1, bytes.length));
    int kind = random.nextInt(4);
    switch (kind) {
      case 0 -> bytes = Arrays.copyOf(bytes, at);
      case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(9999));
      case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 20), (byte) random.nextInt());
      default -> {
        for (int i = at; i < Math.min(bytes.length, at + 4); i++) {
          bytes[i] = (byte) random.nextInt();
        }
      }
    }
    Files.write(file, bytes);
    return "kind " + kind + " at " + at;
  }

  /** Of a PNG file: numbers of its header, whose checksum is made right. */
  static String pngHeader(Path file, Random random) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    int[] sides = {0, 1, 31, 32, 33, 20_000, 65_535, Integer.MAX_VALUE, -1};
    if (random.nextInt(3) > 0) {
      bytes.putInt(16, sides[random.nextInt(sides.length)]);
      bytes.putInt(20, sides[random.nextInt(sides.length)]);
    } else {
      bytes.put(24 + random.nextInt(5), (byte) random.nextInt(20));
    }
    CRC32 check = new CRC32();
    check.update(bytes.array(), 12, 17);
    bytes.putInt(29, (int) check.getValue());
    Files.write(file, bytes.array());
    return "%d x %d".formatted(bytes.getInt(16), bytes.getInt(20));
  }

  /** Of a JPEG file: the sides and components of its frame. */
  static String jpegFrame(Path file, Random random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 2; i + 10 < bytes.length; i++) {
      boolean isFrame = bytes[i] == (byte) 0xff && (bytes[i + 1] & 0xf0) == 0xc0;
      if (isFrame && bytes[i + 1] != (byte) 0xc4) {
        int[] sides = {0, 1, 32, 20_000, 65_535};
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        frame.putShort(i + 5, (short) sides[random.nextInt(sides.length)]);
        frame.putShort(i + 7, (short) sides[random.nextInt(sides.length)]);
        if (random.nextInt(3) == 0) {
          bytes[i + 9] = (byte) random.nextInt(6);
        }
        break;
      }
    }
    Files.write(file, bytes);
    return "frame";
  }

  /** Of an archive: a header of an entry, whose checksum is made right, or the bytes within. */
  static String archive(Path file, Random random) throws IOException {
    byte[] tar =
        new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file))).readAllBytes();
    int header = 0;
    String said = "entry";
    switch (random.nextInt(6)) {
      case 0 -> put(tar, header, 100, "../../escape");
      case 1 -> put(tar, header + 124, 12, "77777777777");
      case 2 -> tar[header + 156] = (byte) "0123456LKxg".charAt(random.nextInt(11));
      case 3 -> put(tar, header, 100, "a".repeat(100));
      case 4 -> tar[random.nextInt(tar.length)] ^= (byte) (1 + random.nextInt(255));
      default -> tar = Arrays.copyOf(tar, random.nextInt(tar.length));
    }
    if (tar.length >= TAR_BLOCK) {
      checksum(tar, header);
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(tar);
    }
    Files.write(file, packed.toByteArray());
    return said;
  }

  private static void put(byte[] bytes, int at, int length, String text) {
    byte[] some = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(some, 0, bytes, at, Math.min(length, some.length));
  }

  private static void checksum(byte[] tar, int header) {
    Arrays.fill(tar, header + 148, header + 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < TAR_BLOCK; i++) {
      sum += tar[header + i] & 0xff;
    }
    put(tar, header + 148, 8, "%06o\0 ".formatted(sum));
  }
}
