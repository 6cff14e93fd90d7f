package belay.data;

import belay.error.DataException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Images kept as the bytes they were stored as; a backend scales them to [0, 1] when it uses them.
 */
public final class ImageSet {
  private final ImageFormat format;
  private final byte[] pixels; // [count, C, H, W], unsigned
  private final byte[] labels; // [count]
  private String digest;

  /**
   * @param pixels unsigned bytes [count, C, H, W]; not copied
   * @param labels class of each image [count]; not copied
   */
  public ImageSet(ImageFormat format, byte[] pixels, byte[] labels) {
    if (pixels.length != (long) labels.length * format.imageBytes()) {
      throw new IllegalArgumentException(
          pixels.length + " pixel bytes are not " + labels.length + " images of " + format);
    }
    this.format = format;
    this.pixels = pixels;
    this.labels = labels;
  }

  public ImageFormat format() {
    return format;
  }

  public int count() {
    return labels.length;
  }

  public int label(int row) {
    return labels[row] & 0xFF;
  }

  /** All pixels, unsigned bytes [count, C, H, W]; shared, not to be written. */
  public byte[] pixels() {
    return pixels;
  }

  /** All labels [count]; shared, not to be written. */
  public byte[] labels() {
    return labels;
  }

  /** The first {@code limit} images, or all of them where there are no more or limit is 0. */
  public ImageSet limit(int limit) {
    if (limit == 0 || limit >= count()) {
      return this;
    }
    return new ImageSet(
        format, Arrays.copyOf(pixels, limit * format.imageBytes()), Arrays.copyOf(labels, limit));
  }

  /**
   * Some of the images.
   *
   * @param rows which, in this order
   */
  public ImageSet select(int[] rows) {
    int bytes = format.imageBytes();
    byte[] some = new byte[Math.multiplyExact(rows.length, bytes)];
    byte[] theirs = new byte[rows.length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(pixels, rows[i] * bytes, some, i * bytes, bytes);
      theirs[i] = labels[rows[i]];
    }
    return new ImageSet(format, some, theirs);
  }

  /**
   * Writes images as floats in [0, 1], channels last.
   *
   * @param rows which images
   * @param from first entry of rows to use
   * @param to one past the last
   * @param out row-major [to - from, H, W, C]
   */
  public void normalized(int[] rows, int from, int to, float[] out) {
    int plane = format.height() * format.width();
    int channels = format.channels();
    for (int i = from; i < to; i++) {
      int source = rows[i] * format.imageBytes();
      int target = (i - from) * format.imageBytes();
      for (int c = 0; c < channels; c++) {
        for (int p = 0; p < plane; p++) {
          out[target + p * channels + c] = (pixels[source + c * plane + p] & 0xFF) / 255f;
        }
      }
    }
  }

  /** SHA-256 over shape, labels and pixels, in hexadecimal; computed once. */
  public synchronized String digest() {
    if (digest == null) {
      digest = sha256();
    }
    return digest;
  }

  private String sha256() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      // The same bytes in another shape are other images.
      sha256.update(shape());
      sha256.update(labels);
      sha256.update(pixels);
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new DataException("This Java runtime has no SHA-256; use a complete JRE", e);
    }
  }

  private byte[] shape() {
    return ByteBuffer.allocate(3 * Integer.BYTES)
        .putInt(format.height())
        .putInt(format.width())
        .putInt(format.channels())
        .array();
  }
}
