package belay.data.picture;

import belay.error.DataException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes a picture with Java's ImageIO and refuses what is damaged, even if a part could be had.
 */
final class PictureDecoder {
  // 192 MiB of colour: above any camera's, below what fills a heap with a picture a thread.
  private static final long MOST_PIXELS = 1L << 26;
  private static final int LONGEST_SIDE = 65_535; // as JPEG has it

  private final Path file;
  private final PictureFormat format;
  private final byte[] bytes;

  /**
   * @throws DataException if the content is none of a picture
   */
  PictureDecoder(Path file, byte[] bytes) {
    this.file = file;
    this.bytes = bytes;
    this.format =
        PictureFormat.of(bytes)
            .orElseThrow(
                () -> new DataException(file + ": is no PNG, JPEG, BMP, GIF or WebP picture"));
  }

  /**
   * @param channels 3 for colour, 1 for grey
   * @return as one looks at it: turned as Exif says; of an animation the first picture
   * @throws DataException if it is damaged, or larger than any picture has a reason to be
   * @throws UnreadPictureException if this Java runtime reads no such pictures
   */
  Pixels decode(int channels) {
    try {
      if (format == PictureFormat.PNG) {
        PngChunks.damaged(ByteBuffer.wrap(bytes))
            .ifPresent(
                chunk -> {
                  throw damaged("its chunk %s is not whole".formatted(chunk), null);
                });
      }
      ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes));
      Pixels stored =
          Samples.of(image(stream), channels)
              .orElseThrow(() -> new DataException(file + ": is neither grey nor RGB"));
      return Exif.orientation(format, bytes).upright(stored);
    } catch (DataException | UnreadPictureException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // of many kinds: a file claims what it has not
      throw damaged(String.valueOf(e.getMessage()), e);
    } catch (LinkageError e) {
      throw new UnreadPictureException(
          file + ": this Java runtime lacks java.desktop, which reads pictures; use records", e);
    }
  }

  private BufferedImage image(ImageInputStream stream) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.name());
    if (!readers.hasNext()) {
      throw new UnreadPictureException(
          file + ": this Java runtime reads no " + format + " pictures", null);
    }
    ImageReader reader = readers.next();
    try {
      reader.setInput(stream, true, true);
      checkSize(reader.getWidth(0), reader.getHeight(0));
      reader.addIIOReadWarningListener((source, warning) -> refuse(warning));
      return reader.read(0);
    } finally {
      reader.dispose();
    }
  }

  /** Before anything is decoded: a header of some bytes may claim gigabytes. */
  private void checkSize(int width, int height) {
    boolean isLong = Math.max(width, height) > LONGEST_SIDE;
    if (Math.min(width, height) < 1 || isLong || (long) width * height > MOST_PIXELS) {
      throw new DataException(
          "%s: is %d x %d pixels, at most %d in all and %d a side are read; scale it first"
              .formatted(file, width, height, MOST_PIXELS, LONGEST_SIDE));
    }
  }

  /** The JPEG library fills what is missing with grey, and warns. */
  private void refuse(String warning) {
    if (warning.startsWith("Premature end") || warning.startsWith("Corrupt JPEG")) {
      throw damaged(warning, null);
    }
  }

  private DataException damaged(String why, Exception cause) {
    return new DataException(
        "%s: is a damaged %s picture (%s)"
            .formatted(file, format, why.replaceAll("[\\p{Cntrl}\\s]+", " ")),
        cause);
  }
}
