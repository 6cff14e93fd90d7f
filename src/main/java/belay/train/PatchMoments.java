package belay.train;

import belay.data.ImageFormat;
import belay.data.ImageSet;
import java.util.stream.IntStream;

/**
 * Sums over all patches of k x k pixels that lie within images, of their bytes and of products of
 * two of them: exact, so that no order of summation shows. A patch is [k, k, C].
 */
final class PatchMoments {
  private final int side;
  private final int size;
  private final long[] sums; // [size]
  private final long[] products; // [size, size], of which column <= row is filled
  private long patches;

  private PatchMoments(int side, int channels) {
    this.side = side;
    this.size = side * side * channels;
    this.sums = new long[size];
    this.products = new long[size * size];
  }

  /**
   * @param most the first so many images are looked at
   */
  static PatchMoments of(ImageSet images, int most, int side) {
    int channels = images.format().channels();
    return IntStream.range(0, Math.min(most, images.count()))
        .parallel()
        .collect(
            () -> new PatchMoments(side, channels),
            (all, image) -> all.add(images, image),
            PatchMoments::add);
  }

  private void add(ImageSet images, int image) {
    ImageFormat format = images.format();
    int[] patch = new int[size];
    for (int y = 0; y + side <= format.height(); y++) {
      for (int x = 0; x + side <= format.width(); x++) {
        read(images, image * format.imageBytes() + y * format.width() + x, patch);
        add(patch);
      }
    }
  }

  /**
   * @param corner of the patch, in the first channel
   */
  private void read(ImageSet images, int corner, int[] patch) {
    ImageFormat format = images.format();
    int plane = format.height() * format.width();
    byte[] pixels = images.pixels();
    int at = 0;
    for (int i = 0; i < side; i++) {
      for (int j = 0; j < side; j++) {
        for (int c = 0; c < format.channels(); c++) {
          patch[at++] = pixels[corner + c * plane + i * format.width() + j] & 0xFF;
        }
      }
    }
  }

  private void add(int[] patch) {
    patches++;
    for (int a = 0; a < size; a++) {
      int value = patch[a];
      sums[a] += value;
      int row = a * size;
      for (int b = 0; b <= a; b++) {
        products[row + b] += value * patch[b];
      }
    }
  }

  private void add(PatchMoments more) {
    patches += more.patches;
    for (int i = 0; i < sums.length; i++) {
      sums[i] += more.sums[i];
    }
    for (int i = 0; i < products.length; i++) {
      products[i] += more.products[i];
    }
  }

  /**
   * The means of products of two values of a patch as a network sees them, x -> (x / 255 - mean) /
   * deviation of its channel.
   *
   * @param mean [C]
   * @param deviation [C]
   * @return [size][size]
   */
  double[][] secondMoments(double[] mean, double[] deviation) {
    double[][] moments = new double[size][size];
    for (int a = 0; a < size; a++) {
      for (int b = 0; b <= a; b++) {
        double m = mean[a % mean.length];
        double n = mean[b % mean.length];
        double raw = products[a * size + b] / (255.0 * 255 * patches);
        double centred = raw - m * share(b) - n * share(a) + m * n;
        double moment = centred / (deviation[a % mean.length] * deviation[b % mean.length]);
        moments[a][b] = moment;
        moments[b][a] = moment;
      }
    }
    return moments;
  }

  /** Mean of a value of a patch, of [0, 1]. */
  private double share(int at) {
    return sums[at] / (255.0 * patches);
  }
}
