package belay.review;

import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.net.Network;
import belay.net.Parameter;
import java.util.Arrays;
import java.util.Optional;

/** Images and filters as bytes [H, W, 3] for the page. */
public final class Tiles {
  private Tiles() {}

  /** The kernel of a network's first convolution; empty if it has none. */
  public static Optional<Parameter> firstKernel(Network network) {
    return network.program().parameters().stream()
        .filter(parameter -> parameter.shape().size() == 4)
        .findFirst();
  }

  /** A stored image; grey where it has not three planes. */
  public static byte[] stored(ImageSet images, int row) {
    ImageFormat format = images.format();
    int plane = format.height() * format.width();
    byte[] rgb = new byte[plane * 3];
    for (int p = 0; p < plane; p++) {
      for (int c = 0; c < 3; c++) {
        int from = format.channels() == 3 ? c : 0;
        rgb[p * 3 + c] = images.pixels()[row * format.imageBytes() + from * plane + p];
      }
    }
    return rgb;
  }

  /**
   * An image in [0, 1], channels last.
   *
   * @param from index of its first value
   */
  public static byte[] computed(float[] values, int from, int pixels, int channels) {
    return scaled(values, from, pixels, channels, 0, 1);
  }

  /**
   * One filter of a first layer, from its smallest weight to its largest.
   *
   * @param kernel weights [Kh, Kw, Cin, Cout]
   */
  public static byte[] filter(float[] kernel, int pixels, int channels, int filters, int number) {
    float[] own = new float[pixels * channels];
    for (int i = 0; i < own.length; i++) {
      own[i] = kernel[i * filters + number];
    }
    float[] sorted = own.clone();
    Arrays.sort(sorted);
    return scaled(own, 0, pixels, channels, sorted[0], sorted[sorted.length - 1]);
  }

  private static byte[] scaled(
      float[] values, int from, int pixels, int channels, float low, float high) {
    byte[] rgb = new byte[pixels * 3];
    float range = Math.max(high - low, Float.MIN_NORMAL);
    for (int p = 0; p < pixels; p++) {
      for (int c = 0; c < 3; c++) {
        float value = values[from + (p * channels + (channels == 3 ? c : 0))];
        float share = Math.max(0, Math.min(1, (value - low) / range)); // NaN becomes 0
        rgb[p * 3 + c] = (byte) Math.round(255 * share);
      }
    }
    return rgb;
  }
}
