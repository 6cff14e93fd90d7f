package belay.data.picture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds the orientation in a picture's Exif block: JPEG's segment APP1, PNG's chunk eXIf, WebP's
 * chunk EXIF. What is not understood there turns nothing.
 */
final class Exif {
  private static final byte[] HEAD = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final int ORIENTATION = 0x0112;
  private static final int ENTRY_BYTES = 12;
  private static final int APP1 = 0xE1;
  private static final int START_OF_SCAN = 0xDA;

  private Exif() {}

  static Orientation orientation(PictureFormat format, byte[] file) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(file);
      Optional<ByteBuffer> block =
          switch (format) {
            case JPEG -> inJpeg(bytes);
            case PNG -> PngChunks.find(bytes, "eXIf");
            case WEBP -> inWebp(bytes.order(ByteOrder.LITTLE_ENDIAN));
            case BMP, GIF -> Optional.empty();
          };
      return block.map(Exif::withoutHead).map(Exif::ofTiff).orElse(Orientation.UPRIGHT);
    } catch (IndexOutOfBoundsException e) { // it ends before it should, or points anywhere
      return Orientation.UPRIGHT;
    }
  }

  private static Optional<ByteBuffer> inJpeg(ByteBuffer file) {
    int at = 2;
    while ((file.get(at) & 0xFF) == 0xFF && (file.get(at + 1) & 0xFF) != START_OF_SCAN) {
      int length = Short.toUnsignedInt(file.getShort(at + 2));
      ByteBuffer content = file.slice(at + 4, Math.max(0, length - 2));
      if ((file.get(at + 1) & 0xFF) == APP1 && hasHead(content)) {
        return Optional.of(content);
      }
      at += 2 + length;
    }
    return Optional.empty();
  }

  private static Optional<ByteBuffer> inWebp(ByteBuffer file) {
    for (int at = 12; at + 8 <= file.limit(); ) {
      int length = file.getInt(at + 4);
      if (file.getInt(at) == 0x46495845) { // EXIF
        return Optional.of(file.slice(at + 8, length));
      }
      at = Math.addExact(at + 8, Math.max(0, length) + (length & 1));
    }
    return Optional.empty();
  }

  private static boolean hasHead(ByteBuffer block) {
    byte[] start = new byte[Math.min(HEAD.length, block.limit())];
    block.get(0, start);
    return Arrays.equals(start, HEAD);
  }

  private static ByteBuffer withoutHead(ByteBuffer block) {
    return hasHead(block) ? block.slice(HEAD.length, block.limit() - HEAD.length) : block;
  }

  /** Of the first directory (TIFF 6.0, section 2). */
  private static Orientation ofTiff(ByteBuffer tiff) {
    tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = tiff.getInt(4);
    int entries = Short.toUnsignedInt(tiff.getShort(directory));
    for (int i = 0; i < entries; i++) {
      int entry = directory + 2 + i * ENTRY_BYTES;
      if (Short.toUnsignedInt(tiff.getShort(entry)) == ORIENTATION) {
        int number = tiff.getShort(entry + 8);
        return number >= 1 && number <= 8 ? new Orientation(number) : Orientation.UPRIGHT;
      }
    }
    return Orientation.UPRIGHT;
  }
}
