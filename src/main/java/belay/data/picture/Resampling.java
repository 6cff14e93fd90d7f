package belay.data.picture;

import belay.data.ImageShape;

/**
 * Makes a picture fill a shape: scales its shorter side to it and cuts the longer one at both ends.
 * All in Java's doubles, in a fixed order, so that every machine has the same bytes; the values are
 * taken as they are stored, as torchvision and Pillow do. A picture of the shape keeps its bytes.
 */
final class Resampling {
  private final Pixels picture;
  private final Taps columns;
  private final Taps rows;

  private Resampling(Pixels picture, ImageShape shape) {
    this.picture = picture;
    double scale =
        Math.min(
            (double) picture.height() / shape.height(), (double) picture.width() / shape.width());
    double top = (picture.height() - shape.height() * scale) / 2;
    double left = (picture.width() - shape.width() * scale) / 2;
    this.rows = Taps.of(picture.height(), shape.height(), top, scale);
    this.columns = Taps.of(picture.width(), shape.width(), left, scale);
  }

  /**
   * @param out receives [C, H, W] of the shape from {@code offset} on
   */
  static void fit(Pixels picture, ImageShape shape, byte[] out, int offset) {
    if (picture.height() == shape.height() && picture.width() == shape.width()) {
      System.arraycopy(picture.samples(), 0, out, offset, picture.samples().length);
      return;
    }
    Resampling resampling = new Resampling(picture, shape);
    int plane = shape.height() * shape.width();
    for (int c = 0; c < shape.channels(); c++) {
      resampling.plane(c, out, offset + c * plane);
    }
  }

  private void plane(int channel, byte[] out, int offset) {
    int width = columns.first().length;
    double[] narrow = narrow(channel, width);
    for (int y = 0; y < rows.first().length; y++) {
      double[] weights = rows.weights()[y];
      for (int x = 0; x < width; x++) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
          sum += weights[i] * narrow[(rows.first()[y] + i) * width + x];
        }
        out[offset + y * width + x] = (byte) Math.min(255, (int) (sum + 0.5));
      }
    }
  }

  /** Every row in the width of the result, [picture's height, width]. */
  private double[] narrow(int channel, int width) {
    double[] narrow = new double[picture.height() * width];
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < width; x++) {
        double[] weights = columns.weights()[x];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
          sum += weights[i] * picture.sample(channel, y, columns.first()[x] + i);
        }
        narrow[y * width + x] = sum;
      }
    }
    return narrow;
  }
}
