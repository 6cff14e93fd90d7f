package belay.backend;

/**
 * A dense matrix; the array is shared, not copied.
 *
 * @param values row-major [rows, columns]
 */
public record FloatMatrix(int rows, int columns, float[] values) {
  public FloatMatrix {
    if (values.length != (long) rows * columns) {
      throw new IllegalArgumentException(
          values.length + " values are not " + rows + " x " + columns);
    }
  }

  public FloatMatrix(int rows, int columns) {
    this(rows, columns, new float[Math.multiplyExact(rows, columns)]);
  }

  public float at(int row, int column) {
    return values[row * columns + column];
  }
}
