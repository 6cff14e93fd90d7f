package belay.data;

/**
 * The layout of one record: a label byte, then planes of unsigned bytes [channels, height, width].
 *
 * @param height rows of pixels
 * @param width columns of pixels
 * @param channels planes, 3 for RGB
 * @param classes labels are 0 to classes - 1
 */
public record ImageFormat(int height, int width, int channels, int classes) {
  /** CIFAR-10's binary version (Krizhevsky, 2009). */
  public static final ImageFormat CIFAR10 = new ImageFormat(32, 32, 3, 10);

  public int imageBytes() {
    return channels * height * width;
  }

  public int recordBytes() {
    return 1 + imageBytes();
  }
}
