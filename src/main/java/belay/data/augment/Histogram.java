package belay.data.augment;

import belay.data.ImageFormat;

/**
 * New values for the values of each channel, by how often all of them occur, as Pillow's ImageOps.
 */
final class Histogram {
  private static final int VALUES = 256;

  private final int[] counts = new int[VALUES];
  private int least = VALUES;
  private int most = -1;

  private Histogram(byte[] view, int from, int to) {
    for (int at = from; at < to; at++) {
      int value = view[at] & 0xFF;
      counts[value]++;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }

  private interface Values {
    byte[] of(Histogram histogram);
  }

  /** Autocontrast: the least value of each channel becomes 0, the largest 255. */
  static void stretch(byte[] view, ImageFormat format) {
    replace(view, format, Histogram::stretched);
  }

  /** All values of each channel become about as frequent. */
  static void equalize(byte[] view, ImageFormat format) {
    replace(view, format, Histogram::equalized);
  }

  private static void replace(byte[] view, ImageFormat format, Values values) {
    int plane = format.height() * format.width();
    for (int first = 0; first < view.length; first += plane) {
      byte[] table = values.of(new Histogram(view, first, first + plane));
      for (int at = first; at < first + plane; at++) {
        view[at] = table[view[at] & 0xFF];
      }
    }
  }

  private byte[] stretched() {
    byte[] table = new byte[VALUES];
    int spread = most - least;
    for (int value = least; value <= most; value++) {
      int stretched = spread == 0 ? value : ((value - least) * 255 + spread / 2) / spread;
      table[value] = (byte) stretched;
    }
    return table;
  }

  private byte[] equalized() {
    byte[] table = new byte[VALUES];
    int all = 0;
    for (int count : counts) {
      all += count;
    }
    int step = (all - counts[most]) / 255;
    int below = 0;
    for (int value = 0; value < VALUES; value++) {
      table[value] = (byte) (step == 0 ? value : Math.min(255, (below + step / 2) / step));
      below += counts[value];
    }
    return table;
  }
}
