package belay.hdf;

import belay.error.DataException;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads a file that {@link Hdf5Writer} published. Opening checks that the file is whole and that
 * its objects are those of its manifest; reading a dataset checks its digest. Every problem is a
 * DataException whose one line names file, place and expectation.
 */
public final class Hdf5Reader implements AutoCloseable {
  static {
    JhdfLog.silence();
  }

  private final SealedFile file;
  private final Elements elements;
  private final Structure structure;
  private final Attributes attributes;
  private final ListedDigests digests;

  private Hdf5Reader(SealedFile file) {
    this.file = file;
    elements = new Elements(file);
    structure = Structure.of(file);
    digests = ListedDigests.read(file, elements, structure);
    attributes = new Attributes(file, structure.attributes());
  }

  /**
   * @throws DataException if the file is missing, unreadable, truncated, damaged or not belay's
   */
  public static Hdf5Reader open(Path path) {
    SealedFile file = SealedFile.open(path);
    try {
      return new Hdf5Reader(file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Checks the digest of every dataset. */
  public void verify() {
    verify(() -> {});
  }

  /**
   * The same.
   *
   * @param onTheWay run after every few MiB; may throw to end it
   */
  public void verify(Runnable onTheWay) {
    structure
        .datasets()
        .forEach((path, extent) -> elements.verify(extent, digests.of(path), onTheWay));
  }

  /** Paths of the datasets, sorted, without the manifest. */
  public SortedSet<String> datasets() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(structure.datasets().keySet()));
  }

  public boolean has(String path) {
    return structure.datasets().containsKey(path);
  }

  public List<Long> shape(String path) {
    return structure.dataset(path).shape();
  }

  /** As [rows,columns]. */
  public String shapeText(String path) {
    return Extent.text(shape(path));
  }

  /** What its elements are, as NumPy calls it. */
  public String type(String path) {
    return structure.dataset(path).type().toString();
  }

  /** SHA-256 of a dataset's content as its manifest has it. */
  public String sha256(String path) {
    structure.dataset(path);
    return digests.byPath().get(path);
  }

  /** SHA-256 of the manifest, which stands for the whole content. */
  public String manifestSha256() {
    return digests.sha256();
  }

  /**
   * @param who expects the shape, for the message: "network"
   */
  public void expectShape(String path, String who, List<? extends Number> shape) {
    List<Long> expected = shape.stream().map(Number::longValue).toList();
    if (!shape(path).equals(expected)) {
      throw problem(
          "%s has shape %s, %s expects %s"
              .formatted(path, Extent.text(shape(path)), who, Extent.text(expected)));
    }
  }

  /** All elements in row-major order. */
  public float[] floats(String path) {
    float[] values = new float[elements.count(structure.dataset(path, ElementType.FLOAT32))];
    floats(path, values, 0);
    return values;
  }

  /** All elements in row-major order into an array, from an index on. */
  public void floats(String path, float[] out, int offset) {
    Extent extent = structure.dataset(path, ElementType.FLOAT32);
    elements.floats(extent, digests.of(path), out, offset);
  }

  /** Receives a part of a dataset. */
  @FunctionalInterface
  public interface Slab {
    /**
     * @param first index of the first element
     * @param values direct, little endian, read-only, valid during the call
     */
    void accept(long first, ByteBuffer values);
  }

  /**
   * Hands over all elements of a float32 dataset in row-major order, in slabs; reading and
   * digesting run ahead on other threads. What the slabs led to counts only when this returns: then
   * the digest is checked.
   *
   * @param slabElements in each slab but the last
   * @throws DataException if the elements are not those that were written
   */
  public void stream(String path, int slabElements, Slab use) {
    elements.stream(
        structure.dataset(path, ElementType.FLOAT32),
        digests.of(path),
        Math.multiplyExact(slabElements, Float.BYTES),
        (at, bytes) -> use.accept(at / Float.BYTES, bytes));
  }

  public double[] doubles(String path) {
    DoubleBuffer elements = whole(path, ElementType.FLOAT64).asDoubleBuffer();
    double[] values = new double[elements.remaining()];
    elements.get(values);
    return values;
  }

  public int[] ints(String path) {
    IntBuffer elements = whole(path, ElementType.INT32).asIntBuffer();
    int[] values = new int[elements.remaining()];
    elements.get(values);
    return values;
  }

  public long[] longs(String path) {
    LongBuffer elements = whole(path, ElementType.INT64).asLongBuffer();
    long[] values = new long[elements.remaining()];
    elements.get(values);
    return values;
  }

  public byte[] unsignedBytes(String path) {
    ByteBuffer elements = whole(path, ElementType.UINT8);
    byte[] values = new byte[elements.remaining()];
    elements.get(values);
    return values;
  }

  public List<String> strings(String path) {
    return Content.decode(whole(path, ElementType.STRING), structure.dataset(path).elementBytes());
  }

  /** A string attribute. */
  public String text(String path, String name) {
    return attributes.text(path, name);
  }

  /** A whole-number attribute of 32 or 64 bits. */
  public long integer(String path, String name) {
    return attributes.integer(path, name);
  }

  /** A float64 attribute. */
  public double real(String path, String name) {
    return attributes.real(path, name);
  }

  /** The string attributes of an object, by name. */
  public SortedMap<String, String> texts(String path) {
    SortedMap<String, String> texts = new TreeMap<>();
    attributes
        .of(path)
        .forEach(
            (name, value) -> {
              if (value instanceof String text) {
                texts.put(name, text);
              }
            });
    return texts;
  }

  /** Paths of the groups and datasets that have attributes, sorted. */
  public SortedSet<String> described() {
    return attributes.objects();
  }

  /** All attributes of an object as text, by name. */
  public SortedMap<String, String> attributes(String path) {
    SortedMap<String, String> texts = new TreeMap<>();
    attributes.of(path).forEach((name, value) -> texts.put(name, text(value)));
    return texts;
  }

  private static String text(Object value) {
    return value instanceof String[] texts ? String.join(", ", texts) : String.valueOf(value);
  }

  /** A problem with this file, for a caller who expects more of it. */
  public DataException problem(String message) {
    return file.problem(message);
  }

  @Override
  public void close() {
    file.close();
  }

  private ByteBuffer whole(String path, ElementType type) {
    return elements.whole(structure.dataset(path, type), digests.of(path));
  }
}
