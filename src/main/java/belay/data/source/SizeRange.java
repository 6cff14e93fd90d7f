package belay.data.source;

/**
 * How large pictures are before they are scaled, pixels.
 *
 * @param leastWidth of any picture
 * @param leastHeight of any picture
 * @param mostWidth of any picture
 * @param mostHeight of any picture
 */
public record SizeRange(int leastWidth, int leastHeight, int mostWidth, int mostHeight) {
  static final SizeRange NONE = new SizeRange(Integer.MAX_VALUE, Integer.MAX_VALUE, 0, 0);

  static SizeRange of(int width, int height) {
    return new SizeRange(width, height, width, height);
  }

  /** That of both. */
  SizeRange and(SizeRange other) {
    return new SizeRange(
        Math.min(leastWidth, other.leastWidth),
        Math.min(leastHeight, other.leastHeight),
        Math.max(mostWidth, other.mostWidth),
        Math.max(mostHeight, other.mostHeight));
  }
}
