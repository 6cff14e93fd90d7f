package belay.hdf;

import belay.error.DataException;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Reads what a format holds and refuses what it cannot hold: another shape, and values out of their
 * bounds. Every problem is a DataException that names file, place and expectation.
 */
public final class BoundedReader {
  private static final int LONGEST_NAME = 1000;
  private static final int SLAB = 1 << 20; // values

  private final Hdf5Reader reader;

  public BoundedReader(Hdf5Reader reader) {
    this.reader = reader;
  }

  /** Number of elements of a dataset that must have one dimension. */
  public int length(String path) {
    List<Long> shape = shape(path, 1);
    if (shape.get(0) > Integer.MAX_VALUE) {
      throw reader.problem("%s has %d elements".formatted(path, shape.get(0)));
    }
    return shape.get(0).intValue();
  }

  /** Shape of a dataset that must have so many dimensions. */
  public List<Long> shape(String path, int rank) {
    List<Long> shape = reader.shape(path);
    if (shape.size() != rank) {
      throw reader.problem(
          "%s has shape %s, expected %d dimensions".formatted(path, reader.shapeText(path), rank));
    }
    return shape;
  }

  /**
   * @param shape that the dataset must have
   */
  public int[] ints(String path, Bounds bounds, Number... shape) {
    reader.expectShape(path, "the format", List.of(shape));
    int[] values = reader.ints(path);
    check(path, bounds, values.length, i -> values[i]);
    return values;
  }

  /**
   * @param shape that the dataset must have
   */
  public long[] longs(String path, Bounds bounds, Number... shape) {
    reader.expectShape(path, "the format", List.of(shape));
    long[] values = reader.longs(path);
    check(path, bounds, values.length, i -> values[i]);
    return values;
  }

  /**
   * @param shape that the dataset must have
   */
  public double[] doubles(String path, Bounds bounds, Number... shape) {
    reader.expectShape(path, "the format", List.of(shape));
    double[] values = reader.doubles(path);
    check(path, bounds, values.length, i -> values[i]);
    return values;
  }

  /** All elements in row-major order into an array, from an index on. */
  public void floats(String path, Bounds bounds, float[] out, int offset) {
    reader.floats(path, out, offset);
    check(path, bounds, 0, out, offset, Math.toIntExact(count(path)));
  }

  private long count(String path) {
    return reader.shape(path).stream().reduce(1L, Math::multiplyExact);
  }

  /** Looks at all elements without holding them. */
  public void checkFloats(String path, Bounds bounds) {
    float[] some = new float[(int) Math.min(SLAB, count(path))];
    reader.stream(
        path,
        SLAB,
        (first, slab) -> {
          int count = slab.remaining() / Float.BYTES;
          slab.asFloatBuffer().get(some, 0, count);
          check(path, bounds, first, some, 0, count);
        });
  }

  private void check(
      String path, Bounds bounds, long first, float[] values, int offset, int count) {
    boolean isFit = true;
    for (int i = offset; i < offset + count; i++) {
      isFit &= bounds.hold(values[i]); // without a branch: thrice as fast
    }
    for (int i = 0; !isFit && i < count; i++) {
      if (!bounds.hold(values[offset + i])) {
        String place = "%s[%d]".formatted(path, first + i);
        throw problem(place, values[offset + i], bounds);
      }
    }
  }

  public long integer(String path, String name, Bounds bounds) {
    long value = reader.integer(path, name);
    if (!bounds.hold(value)) {
      throw problem(path + "@" + name, value, bounds);
    }
    return value;
  }

  public double real(String path, String name, Bounds bounds) {
    double value = reader.real(path, name);
    if (!bounds.hold(value)) {
      throw problem(path + "@" + name, value, bounds);
    }
    return value;
  }

  /**
   * Names for people: one dimension, none empty, no control characters.
   *
   * @param count how many there may be
   */
  public List<String> names(String path, Bounds count) {
    int length = length(path);
    if (!count.hold(length)) {
      throw problem("the number of " + path, length, count);
    }
    List<String> names = reader.strings(path);
    for (int i = 0; i < length; i++) {
      String name = names.get(i);
      if (name.isBlank()
          || name.length() > LONGEST_NAME
          || name.chars().anyMatch(Character::isISOControl)) {
        throw reader.problem("%s[%d] is no name".formatted(path, i));
      }
    }
    return names;
  }

  private void check(String path, Bounds bounds, int count, IntToDoubleFunction values) {
    for (int i = 0; i < count; i++) {
      if (!bounds.hold(values.applyAsDouble(i))) {
        throw problem("%s[%d]".formatted(path, i), values.applyAsDouble(i), bounds);
      }
    }
  }

  private DataException problem(String place, double value, Bounds bounds) {
    return reader.problem("%s is %s, expected %s".formatted(place, Bounds.shown(value), bounds));
  }
}
