package belay.backend.onednn;

/**
 * The size of a convolution, or of a transposed one, as it runs.
 *
 * @param side of the square kernel
 * @param stride 1, or 2 for a transposed convolution that doubles the image
 */
record ConvSize(int side, int inputs, int outputs, int stride) {
  long[] strides() {
    return new long[] {stride, stride};
  }

  /** Zero border: keeps the size at stride 1, doubles it at stride 2 and side 4. */
  long[] padding() {
    int border = (side - 1) / 2;
    return new long[] {border, border};
  }

  int kernelValues() {
    return side * side * inputs * outputs;
  }
}
