package belay.data;

import java.util.stream.IntStream;

/**
 * Mean and deviation of each channel over all pixels of all images, scaled to [0, 1]: of exact sums
 * of bytes and of their squares, so that no order of summation shows.
 *
 * @param mean [C]
 * @param deviation population formula; 1 for a channel that never changes [C]
 */
public record ChannelMoments(float[] mean, float[] deviation) {
  private static final double WHITE = 255;

  /**
   * @param images at least one
   */
  public static ChannelMoments of(ImageSet images) {
    int channels = images.format().channels();
    long[] sums =
        IntStream.range(0, images.count())
            .parallel()
            .collect(
                () -> new long[2 * channels],
                (all, image) -> add(images, image, all),
                ChannelMoments::add);
    double pixels = (double) images.count() * images.format().height() * images.format().width();
    float[] mean = new float[channels];
    float[] deviation = new float[channels];
    for (int c = 0; c < channels; c++) {
      double m = sums[2 * c] / pixels;
      double variance = Math.max(0, sums[2 * c + 1] / pixels - m * m);
      mean[c] = (float) (m / WHITE);
      deviation[c] = variance == 0 ? 1 : (float) (Math.sqrt(variance) / WHITE);
    }
    return new ChannelMoments(mean, deviation);
  }

  private static void add(ImageSet images, int image, long[] sums) {
    int plane = images.format().height() * images.format().width();
    byte[] pixels = images.pixels();
    int at = image * images.format().imageBytes();
    for (int c = 0; c < images.format().channels(); c++) {
      for (int end = at + plane; at < end; at++) {
        int value = pixels[at] & 0xFF;
        sums[2 * c] += value;
        sums[2 * c + 1] += value * value;
      }
    }
  }

  private static void add(long[] sums, long[] more) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += more[i];
    }
  }
}
