package belay.data.source;

import belay.data.ImageShape;
import belay.error.DataException;
import java.nio.file.Path;

/**
 * Images as an image set has them, before it is known how many classes there are.
 *
 * @param pixels unsigned bytes [count, C, H, W]
 * @param labels [count]
 */
record Planes(byte[] pixels, byte[] labels) {
  // Some virtual machines refuse arrays of the last few lengths.
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  /**
   * Room for images.
   *
   * @param place for the message
   * @throws DataException if they do not fit an array, or the heap
   */
  static Planes allocate(Path place, long count, ImageShape shape) {
    long bytes = Math.multiplyExact(count, shape.bytes());
    if (bytes > MAX_ARRAY) {
      throw new DataException(
          "%s: %d images of %s are %d bytes of pixels, one set holds at most %d; use fewer images"
              .formatted(place, count, shape, bytes, MAX_ARRAY));
    }
    try {
      return new Planes(new byte[(int) bytes], new byte[(int) count]);
    } catch (OutOfMemoryError e) {
      throw new DataException(
          "%s: %d MiB of pixels do not fit Java's heap of %d MiB; ask for more memory or start java"
                  .formatted(place, bytes >> 20, Runtime.getRuntime().maxMemory() >> 20)
              + " with a larger -Xmx",
          e);
    }
  }

  int count() {
    return labels.length;
  }

  /**
   * The images that are marked, or all others, in their order.
   *
   * @param marks one for each image
   */
  Planes part(boolean[] marks, boolean marked, int imageBytes) {
    int count = 0;
    for (boolean mark : marks) {
      count += mark == marked ? 1 : 0;
    }
    Planes part = new Planes(new byte[count * imageBytes], new byte[count]);
    int to = 0;
    for (int i = 0; i < marks.length; i++) {
      if (marks[i] == marked) {
        System.arraycopy(pixels, i * imageBytes, part.pixels, to * imageBytes, imageBytes);
        part.labels[to++] = labels[i];
      }
    }
    return part;
  }

  /** [count, H, W, C] as [count, C, H, W]. */
  static byte[] fromChannelsLast(byte[] values, ImageShape shape) {
    int channels = shape.channels();
    int plane = shape.height() * shape.width();
    if (channels == 1) {
      return values;
    }
    byte[] planes = new byte[values.length];
    for (int image = 0; image < values.length; image += channels * plane) {
      for (int p = 0; p < plane; p++) {
        for (int c = 0; c < channels; c++) {
          planes[image + c * plane + p] = values[image + p * channels + c];
        }
      }
    }
    return planes;
  }
}
