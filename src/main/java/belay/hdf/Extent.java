package belay.hdf;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the elements of a dataset lie.
 *
 * @param elementBytes of one element
 * @param shape slowest dimension first
 * @param address of the first byte in the file
 */
record Extent(ElementType type, int elementBytes, List<Long> shape, long address) {
  Extent {
    shape = List.copyOf(shape);
  }

  Extent at(long newAddress) {
    return new Extent(type, elementBytes, shape, newAddress);
  }

  static List<Long> shape(long... dimensions) {
    List<Long> shape = new ArrayList<>();
    for (long dimension : dimensions) {
      shape.add(dimension);
    }
    return shape;
  }

  /**
   * @throws ArithmeticException if there are more than a long can count
   */
  long count() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /**
   * @throws ArithmeticException if there are more than a long can count
   */
  long bytes() {
    return Math.multiplyExact(count(), elementBytes);
  }

  static String text(List<Long> shape) {
    return shape.toString().replace(" ", "");
  }
}
