package belay.data;

/**
 * How large images are, whatever is on them.
 *
 * @param height rows of pixels
 * @param width columns of pixels
 * @param channels values of a pixel, 3 for RGB
 */
public record ImageShape(int height, int width, int channels) {
  /**
   * @param classes labels are 0 to classes - 1
   * @throws belay.error.ConfigurationException if images of this shape cannot be held
   */
  public ImageFormat format(int classes) {
    return new ImageFormat(height, width, channels, classes);
  }

  /** Of one image. */
  public long bytes() {
    return (long) height * width * channels;
  }

  @Override
  public String toString() {
    return "%d x %d x %d".formatted(height, width, channels);
  }
}
