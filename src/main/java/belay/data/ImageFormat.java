package belay.data;

import belay.error.ConfigurationException;

/**
 * The layout of one record: a label byte, then planes of unsigned bytes [channels, height, width].
 *
 * @param height rows of pixels
 * @param width columns of pixels
 * @param channels planes, 3 for RGB
 * @param classes labels are 0 to classes - 1; at most 256, for a label is one byte
 */
public record ImageFormat(int height, int width, int channels, int classes) {
  /** CIFAR-10's binary version (Krizhevsky, 2009). */
  public static final ImageFormat CIFAR10 = new ImageFormat(32, 32, 3, 10);

  private static final int MAX_SIDE = 1 << 14;
  private static final int MAX_IMAGE_BYTES = 1 << 30;

  /**
   * @throws ConfigurationException if a side is not positive, an image is over 1 GiB or the classes
   *     do not fit a byte
   */
  public ImageFormat {
    inRange("height", height, MAX_SIDE);
    inRange("width", width, MAX_SIDE);
    inRange("channels", channels, MAX_SIDE);
    inRange("classes", classes, 256);
    if ((long) height * width * channels > MAX_IMAGE_BYTES) {
      throw new ConfigurationException(
          "An image of %d x %d x %d has more than %d bytes"
              .formatted(height, width, channels, MAX_IMAGE_BYTES));
    }
  }

  public int imageBytes() {
    return channels * height * width;
  }

  public int recordBytes() {
    return 1 + imageBytes();
  }

  private static void inRange(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new ConfigurationException(
          "An image's %s = %d must be from 1 to %d".formatted(name, value, most));
    }
  }
}
