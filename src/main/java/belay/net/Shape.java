package belay.net;

/** The shape of one image or feature map, stored channels last: [height, width, channels]. */
public record Shape(int height, int width, int channels) {
  /** Number of values. */
  public int size() {
    return height * width * channels;
  }

  /** As it is written in a network file, for example 32x32x3. */
  @Override
  public String toString() {
    return height + "x" + width + "x" + channels;
  }
}
