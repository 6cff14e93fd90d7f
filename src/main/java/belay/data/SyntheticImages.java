package belay.data;

import belay.error.ConfigurationException;
import belay.error.DataException;
import java.util.stream.IntStream;

/**
 * Coloured figures on noisy backgrounds, for trying everything without downloading anything: ten
 * classes that differ in shape, texture and, with much overlap, in colour. Image i is a function of
 * (seed, i) alone.
 */
public final class SyntheticImages {
  // Far behind any training image, so that the test images do not depend on how many there are.
  private static final long FIRST_TEST_IMAGE = 1L << 32;
  private static final int LEAST_SIDE = 8;
  private static final int MOST_SIDE = 1024;

  private final long seed;
  private final ImageFormat format;

  /**
   * @throws ConfigurationException if a side is not from 8 to 1,024 pixels
   */
  public SyntheticImages(long seed, int height, int width) {
    if (Math.min(height, width) < LEAST_SIDE || Math.max(height, width) > MOST_SIDE) {
      throw new ConfigurationException(
          "Synthetic images of %d x %d pixels: each side must be from %d to %d"
              .formatted(height, width, LEAST_SIDE, MOST_SIDE));
    }
    this.seed = seed;
    this.format = new ImageFormat(height, width, 3, Figure.values().length);
  }

  public ImageFormat format() {
    return format;
  }

  /**
   * Draws a data set whose classes are equally frequent.
   *
   * @param train training images
   * @param test test images, none of them among the training images
   */
  public Dataset dataset(int train, int test) {
    return new Dataset(images(0, train), images(FIRST_TEST_IMAGE, test), Figure.classNames());
  }

  private ImageSet images(long first, int count) {
    if (count < 0 || (long) count * format.imageBytes() > Integer.MAX_VALUE - 8) {
      throw new DataException(
          "%d images of %d bytes do not fit one array of 2 GiB; ask for fewer"
              .formatted(count, format.imageBytes()));
    }
    byte[] pixels = new byte[count * format.imageBytes()];
    byte[] labels = new byte[count];
    // No image depends on another, so the threads cannot change the result.
    IntStream.range(0, count)
        .parallel()
        .forEach(
            i -> {
              int label = (int) ((first + i) % format.classes());
              labels[i] = (byte) label;
              new SyntheticImage(seed, first + i, Figure.values()[label], format)
                  .draw(pixels, i * format.imageBytes());
            });
    return new ImageSet(format, pixels, labels);
  }
}
