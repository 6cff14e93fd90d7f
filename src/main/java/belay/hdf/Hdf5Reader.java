package belay.hdf;

import belay.error.DataException;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /** The manifest has a digest of its own. */
  private static final Elements.Digest UNCHECKED =
      new Elements.Digest() {
        @Override
        public String listed() {
          return "";
        }

        @Override
        public void check(String found) {}
      };

  private final SealedFile file;
  private final Elements elements;
  private final Map<String, Extent> datasets;
  private final Map<String, Object> attributes;
  private final Map<String, String> digests = new HashMap<>(); // of datasets, by path

  private String manifestSha256;

  private Hdf5Reader(SealedFile file) {
    this.file = file;
    this.elements = new Elements(file);
    Structure structure = Structure.of(file);
    this.datasets = structure.datasets();
    this.attributes = structure.attributes();
  }

  /**
   * @throws DataException if the file is missing, unreadable, truncated, damaged or not belay's
   */
  public static Hdf5Reader open(Path path) {
    SealedFile file = SealedFile.open(path);
    try {
      Hdf5Reader reader = new Hdf5Reader(file);
      reader.checkManifest();
      return reader;
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
    datasets.forEach((path, extent) -> elements.verify(extent, digest(path), onTheWay));
  }

  /** Paths of the datasets, sorted, without the manifest. */
  public SortedSet<String> datasets() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(datasets.keySet()));
  }

  public boolean has(String path) {
    return datasets.containsKey(path);
  }

  public List<Long> shape(String path) {
    return extent(path).shape();
  }

  /** As [rows,columns]. */
  public String shapeText(String path) {
    return Extent.text(shape(path));
  }

  /** What its elements are, as NumPy calls it. */
  public String type(String path) {
    return extent(path).type().toString();
  }

  /** SHA-256 of a dataset's content as its manifest has it. */
  public String sha256(String path) {
    extent(path);
    return digests.get(path);
  }

  /** SHA-256 of the manifest, which stands for the whole content. */
  public String manifestSha256() {
    return manifestSha256;
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
    float[] values = new float[elements.count(typed(path, ElementType.FLOAT32))];
    floats(path, values, 0);
    return values;
  }

  /** All elements in row-major order into an array, from an index on. */
  public void floats(String path, float[] out, int offset) {
    Extent extent = typed(path, ElementType.FLOAT32);
    elements.floats(extent, digest(path), out, offset);
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
        typed(path, ElementType.FLOAT32),
        digest(path),
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
    return Content.decode(whole(path, ElementType.STRING), extent(path).elementBytes());
  }

  /** A string attribute. */
  public String text(String path, String name) {
    return attribute(path, name, String.class);
  }

  /** A whole-number attribute of 32 or 64 bits. */
  public long integer(String path, String name) {
    Number number = attribute(path, name, Number.class);
    if (number instanceof Double) {
      throw problem("%s@%s is not a whole number".formatted(path, name));
    }
    return number.longValue();
  }

  /** A float64 attribute. */
  public double real(String path, String name) {
    return attribute(path, name, Double.class);
  }

  /** The string attributes of an object, by name. */
  public SortedMap<String, String> texts(String path) {
    SortedMap<String, String> texts = new TreeMap<>();
    attributes.forEach(
        (place, value) -> {
          if (place.startsWith(path + "@") && value instanceof String text) {
            texts.put(place.substring(path.length() + 1), text);
          }
        });
    return texts;
  }

  /** Paths of the groups and datasets that have attributes, sorted. */
  public SortedSet<String> described() {
    SortedSet<String> objects = new TreeSet<>();
    attributes.keySet().forEach(place -> objects.add(place.substring(0, place.indexOf('@'))));
    return objects;
  }

  /** All attributes of an object as text, by name. */
  public SortedMap<String, String> attributes(String path) {
    SortedMap<String, String> texts = new TreeMap<>();
    attributes.forEach(
        (place, value) -> {
          if (place.startsWith(path + "@")) {
            texts.put(place.substring(path.length() + 1), text(value));
          }
        });
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

  private void checkManifest() {
    List<String> lines = readManifest();
    digests.putAll(Manifest.digests(lines));
    List<String> found = new ArrayList<>();
    datasets.forEach(
        (path, extent) ->
            found.add(
                Content.line(
                    digests.getOrDefault(path, "none"), extent.type(), extent.shape(), path)));
    attributes.forEach((place, value) -> found.add(Content.attributeLine(place, value)));
    Manifest.difference(lines, Manifest.sorted(found)).ifPresent(this::unlike);
  }

  private void unlike(String path) {
    throw problem(path + " is not as the manifest has it");
  }

  private List<String> readManifest() {
    Extent extent = typed(Manifest.PATH, ElementType.STRING);
    ByteBuffer bytes = elements.whole(extent, UNCHECKED);
    List<String> lines = Content.decode(bytes, extent.elementBytes());
    manifestSha256 = Manifest.sha256(lines);
    if (!manifestSha256.equals(text(Manifest.PATH, "sha256"))) {
      throw problem("is damaged: /manifest does not match its digest");
    }
    datasets.remove(Manifest.PATH);
    attributes.keySet().removeIf(place -> place.startsWith(Manifest.PATH + "@"));
    return lines;
  }

  private ByteBuffer whole(String path, ElementType type) {
    return elements.whole(typed(path, type), digest(path));
  }

  private Elements.Digest digest(String path) {
    String listed = digests.getOrDefault(path, "none");
    return new Elements.Digest() {
      @Override
      public String listed() {
        return listed;
      }

      @Override
      public void check(String found) {
        if (!found.equals(listed)) {
          throw problem(path + " is damaged: its SHA-256 is not the manifest's");
        }
      }
    };
  }

  private Extent extent(String path) {
    Extent extent = datasets.get(path);
    if (extent == null) {
      throw problem("lacks the dataset " + path);
    }
    return extent;
  }

  private Extent typed(String path, ElementType type) {
    Extent extent = extent(path);
    if (extent.type() != type) {
      throw problem("%s has type %s, expected %s".formatted(path, extent.type(), type));
    }
    return extent;
  }

  private <T> T attribute(String path, String name, Class<T> type) {
    Object value = attributes.get(path + "@" + name);
    if (value == null) {
      throw problem("lacks the attribute %s@%s".formatted(path, name));
    }
    if (!type.isInstance(value)) {
      throw problem(
          "%s@%s is a %s, expected a %s"
              .formatted(path, name, value.getClass().getSimpleName(), type.getSimpleName()));
    }
    return type.cast(value);
  }
}
