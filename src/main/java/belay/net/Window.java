package belay.net;

/**
 * The square window that a convolution or a pooling slides over an image.
 *
 * @param kernel side, in pixels
 * @param stride pixels from one window to the next
 * @param padding pixels of border on each side of the image, fewer than the kernel's side
 */
public record Window(int kernel, int stride, int padding) {
  /**
   * One window around each pixel: height and width stay, or are one less where the side is even.
   */
  static Window around(int kernel) {
    return new Window(kernel, 1, (kernel - 1) / 2);
  }

  /** Windows that lie side by side. */
  static Window tile(int side) {
    return new Window(side, side, 0);
  }

  /** Whether what it makes of any image is as high and as wide. */
  public boolean keepsSize() {
    return stride == 1 && 2 * padding == kernel - 1;
  }

  /** The shape of what windows make of an image, with that many channels. */
  Shape over(Shape image, int channels) {
    return new Shape(positions(image.height()), positions(image.width()), channels);
  }

  private int positions(int pixels) {
    return (pixels + 2 * padding - kernel) / stride + 1;
  }
}
