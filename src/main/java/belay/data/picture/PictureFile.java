package belay.data.picture;

import belay.data.ImageShape;
import belay.error.DataException;
import belay.storage.DiskProblem;
import belay.storage.PlainFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * One PNG, JPEG, BMP, GIF or WebP picture as planes of bytes, scaled and cut to a shape.
 *
 * @param width of the picture in the file, as one looks at it
 * @param height of the picture in the file, as one looks at it
 */
public record PictureFile(int width, int height) {
  /** Goes with the bytes that pictures become: another number says that they may be others. */
  public static final int ARITHMETIC = 1;

  private static final int MAX_BYTES = 64 << 20;

  /** Whether a file's name ends as that of a picture. */
  public static boolean isName(Path file) {
    return PictureFormat.isName(file);
  }

  /**
   * @param pixels receives [C, H, W] from {@code offset} on
   * @throws DataException if the file is no picture, damaged, or cannot be read
   */
  public static PictureFile read(Path file, ImageShape shape, byte[] pixels, int offset) {
    if (shape.channels() != 3 && shape.channels() != 1) {
      throw new DataException(
          "%s: a picture has 1 or 3 channels, the encoder takes %d; use files of records"
              .formatted(file, shape.channels()));
    }
    Pixels picture = new PictureDecoder(file, bytes(file)).decode(shape.channels());
    Resampling.fit(picture, shape, pixels, offset);
    return new PictureFile(picture.width(), picture.height());
  }

  private static byte[] bytes(Path file) {
    try {
      return PlainFile.read(file, MAX_BYTES);
    } catch (IOException e) {
      throw new UnreadPictureException(
          "Cannot read %s: %s".formatted(file, DiskProblem.reason(e)), e);
    }
  }
}
