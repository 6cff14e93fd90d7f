package belay.backend.onednn.dnnl;

import belay.net.Shape;

/**
 * The size of a convolution, or of a transposed one, as it runs.
 *
 * @param side of the square kernel
 * @param stride pixels from one window to the next; of a transposed convolution, how many times it
 *     enlarges the image
 * @param padding zero border on each side
 */
public record ConvSize(int side, int inputs, int outputs, int stride, int padding) {
  long[] strides() {
    return new long[] {stride, stride};
  }

  long[] borders() {
    return new long[] {padding, padding};
  }

  /** What a convolution makes of an image. */
  public Shape over(Shape image) {
    return new Shape(positions(image.height()), positions(image.width()), outputs);
  }

  private int positions(int pixels) {
    return (pixels + 2 * padding - side) / stride + 1;
  }

  public int kernelValues() {
    return side * side * inputs * outputs;
  }
}
