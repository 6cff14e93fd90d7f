package belay.tune;

import belay.data.ImageSet;

/** Variance of the values of images, 0 to 1, about the mean of all of them. */
final class PixelVariance {
  private PixelVariance() {}

  static double of(ImageSet images) {
    long[] count = new long[1 << Byte.SIZE];
    for (byte value : images.pixels()) {
      count[value & 0xFF]++;
    }
    double sum = 0;
    double squares = 0;
    for (int value = 0; value < count.length; value++) {
      double scaled = value / 255.0;
      sum += count[value] * scaled;
      squares += count[value] * scaled * scaled;
    }
    double mean = sum / images.pixels().length;
    return squares / images.pixels().length - mean * mean;
  }
}
