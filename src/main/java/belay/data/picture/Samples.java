package belay.data.picture;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.Optional;

/**
 * The samples of a decoded image as bytes, without Java's conversions of colour, which take grey
 * for linear light and differ from one Java to the next. 16 bits and fewer than 8 are scaled, what
 * is transparent lies on white, as most programs show it.
 */
final class Samples {
  private static final int WHITE = 255;

  private final BufferedImage image;
  private final int[] row; // samples of all bands, pixel after pixel
  private final int bands;
  private final long[] most; // largest sample of each band

  private Samples(BufferedImage image) {
    this.image = image;
    Raster raster = image.getRaster();
    this.bands = raster.getNumBands();
    this.row = new int[bands * image.getWidth()];
    this.most = new long[bands];
    for (int band = 0; band < bands; band++) {
      most[band] = (1L << raster.getSampleModel().getSampleSize(band)) - 1;
    }
  }

  /**
   * @param channels 3 for colour, 1 for grey
   * @return empty if its samples are neither grey nor red, green and blue
   */
  static Optional<Pixels> of(BufferedImage image, int channels) {
    Samples samples = new Samples(image);
    boolean isRgb = samples.bands == 3 || samples.bands == 4 && image.getColorModel().hasAlpha();
    return isRgb || samples.bands <= 2 ? Optional.of(samples.planes(channels)) : Optional.empty();
  }

  private Pixels planes(int channels) {
    int height = image.getHeight();
    int width = image.getWidth();
    byte[] planes = new byte[channels * height * width];
    for (int y = 0; y < height; y++) {
      image.getRaster().getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        put(rgb(x), planes, y * width + x, channels == 1 ? 0 : height * width);
      }
    }
    return new Pixels(height, width, channels, planes);
  }

  /**
   * @param plane pixels of a plane; 0 for grey
   */
  private static void put(int rgb, byte[] planes, int at, int plane) {
    if (plane == 0) {
      planes[at] = (byte) luma(rgb);
    } else {
      planes[at] = (byte) (rgb >> 16);
      planes[at + plane] = (byte) (rgb >> 8);
      planes[at + 2 * plane] = (byte) rgb;
    }
  }

  private int rgb(int x) {
    ColorModel model = image.getColorModel();
    if (model instanceof IndexColorModel palette) {
      int argb = palette.getRGB(row[x * bands]);
      return onWhite(argb >> 16 & 0xFF, argb >> 8 & 0xFF, argb & 0xFF, argb >>> 24);
    }
    int colours = bands <= 2 ? 1 : 3;
    int red = sample(x, 0);
    int green = colours == 1 ? red : sample(x, 1);
    int blue = colours == 1 ? red : sample(x, 2);
    return onWhite(red, green, blue, bands > colours ? sample(x, colours) : WHITE);
  }

  private int sample(int x, int band) {
    return (int) ((row[x * bands + band] * 255L + most[band] / 2) / most[band]);
  }

  private static int onWhite(int red, int green, int blue, int alpha) {
    return over(red, alpha) << 16 | over(green, alpha) << 8 | over(blue, alpha);
  }

  private static int over(int sample, int alpha) {
    return (sample * alpha + WHITE * (255 - alpha) + 127) / 255;
  }

  /** ITU-R BT.601. */
  private static int luma(int rgb) {
    return (299 * (rgb >> 16 & 0xFF) + 587 * (rgb >> 8 & 0xFF) + 114 * (rgb & 0xFF) + 500) / 1000;
  }
}
