package belay.data;

import belay.error.DataException;
import belay.storage.PlainFile;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** One PNG or JPEG picture as planes of bytes. Transparency is ignored. */
final class PictureFile {
  private static final int MAX_BYTES = 64 << 20;

  private PictureFile() {}

  /**
   * @param pixels receives [C, H, W] from {@code offset} on
   * @throws DataException if the file is no picture, or of another size or number of channels
   */
  static void read(Path file, ImageFormat format, byte[] pixels, int offset) {
    if (format.channels() != 3 && format.channels() != 1) {
      throw new DataException(
          "%s: a picture has 1 or 3 channels, the encoder takes %d; use files of records"
              .formatted(file, format.channels()));
    }
    BufferedImage picture = decode(file, format);
    int plane = format.height() * format.width();
    for (int y = 0; y < format.height(); y++) {
      for (int x = 0; x < format.width(); x++) {
        int rgb = rgb(picture, x, y);
        int at = offset + y * format.width() + x;
        if (format.channels() == 1) {
          pixels[at] = (byte) luma(rgb);
        } else {
          pixels[at] = (byte) (rgb >> 16);
          pixels[at + plane] = (byte) (rgb >> 8);
          pixels[at + 2 * plane] = (byte) rgb;
        }
      }
    }
  }

  private static BufferedImage decode(Path file, ImageFormat format) {
    try {
      byte[] bytes = PlainFile.read(file, MAX_BYTES);
      return decode(file, new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)), format);
    } catch (IOException e) {
      throw new DataException("Cannot read %s: %s".formatted(file, Reason.of(e)), e);
    } catch (DataException e) {
      throw e;
    } catch (RuntimeException e) { // of many kinds, where a file claims what it does not hold
      throw new DataException(file + ": is a damaged picture (" + e.getMessage() + ")", e);
    } catch (LinkageError e) {
      throw new DataException(
          file + ": this Java runtime lacks java.desktop, which reads pictures; use records", e);
    }
  }

  private static BufferedImage decode(Path file, ImageInputStream stream, ImageFormat format)
      throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
    if (!readers.hasNext()) {
      throw new DataException(file + ": is no PNG or JPEG picture");
    }
    ImageReader reader = readers.next();
    try {
      reader.setInput(stream, true, true);
      checkSize(file, reader.getWidth(0), reader.getHeight(0), format);
      return reader.read(0);
    } finally {
      reader.dispose();
    }
  }

  /** Before anything is decoded: a header of some bytes may claim gigabytes. */
  private static void checkSize(Path file, int width, int height, ImageFormat format) {
    if (width != format.width() || height != format.height()) {
      throw new DataException(
          "%s: is %d x %d pixels, the encoder takes %d x %d; scale it first"
              .formatted(file, width, height, format.width(), format.height()));
    }
  }

  /** Grey samples as they are: getRGB would take them for linear light and brighten them. */
  private static int rgb(BufferedImage picture, int x, int y) {
    Raster raster = picture.getRaster();
    if (raster.getNumBands() > 2 || picture.getColorModel() instanceof IndexColorModel) {
      return picture.getRGB(x, y);
    }
    int bits = picture.getColorModel().getComponentSize(0);
    int grey = (int) Math.round(raster.getSample(x, y, 0) * 255.0 / ((1L << bits) - 1));
    return grey << 16 | grey << 8 | grey;
  }

  /** ITU-R BT.601. */
  private static int luma(int rgb) {
    return (299 * (rgb >> 16 & 0xFF) + 587 * (rgb >> 8 & 0xFF) + 114 * (rgb & 0xFF) + 500) / 1000;
  }
}
