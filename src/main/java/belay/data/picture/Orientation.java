package belay.data.picture;

/**
 * How a camera was held, as Exif's tag 0x0112 has it (CIPA DC-008, 4.6.4): where row 0 and column 0
 * of the stored picture are when one looks at it.
 *
 * @param number 1 (upright) to 8
 */
record Orientation(int number) {
  static final Orientation UPRIGHT = new Orientation(1);

  /** The picture as one looks at it. */
  Pixels upright(Pixels stored) {
    if (number == 1) {
      return stored;
    }
    int height = isTurned() ? stored.width() : stored.height();
    int width = isTurned() ? stored.height() : stored.width();
    byte[] samples = new byte[stored.samples().length];
    int at = 0;
    for (int c = 0; c < stored.channels(); c++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          samples[at++] = (byte) sample(stored, c, y, x);
        }
      }
    }
    return new Pixels(height, width, stored.channels(), samples);
  }

  /** Whether rows become columns. */
  private boolean isTurned() {
    return number >= 5;
  }

  private int sample(Pixels stored, int c, int y, int x) {
    int lastRow = stored.height() - 1;
    int lastColumn = stored.width() - 1;
    return switch (number) {
      case 2 -> stored.sample(c, y, lastColumn - x);
      case 3 -> stored.sample(c, lastRow - y, lastColumn - x);
      case 4 -> stored.sample(c, lastRow - y, x);
      case 5 -> stored.sample(c, x, y);
      case 6 -> stored.sample(c, lastRow - x, y);
      case 7 -> stored.sample(c, lastRow - x, lastColumn - y);
      case 8 -> stored.sample(c, x, lastColumn - y);
      default -> stored.sample(c, y, x);
    };
  }
}
