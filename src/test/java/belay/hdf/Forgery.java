package belay.hdf;

import belay.storage.PlainFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file of ours in memory, to be changed at will and written with digests and a seal that are
 * right: what somebody can do who may write where a run lies.
 */
public final class Forgery {
  static {
    JhdfLog.silence();
  }

  private final TreeMap<String, Part> datasets = new TreeMap<>();
  private final TreeMap<String, Object> attributes = new TreeMap<>(); // by path@name

  /**
   * A dataset.
   *
   * @param type as NumPy calls it, or "string"
   * @param elementBytes of an element
   * @param shape which may claim anything
   * @param bytes little endian
   */
  public record Part(String type, int elementBytes, List<Long> shape, byte[] bytes) {
    public static Part of(long[] shape, float... values) {
      ByteBuffer bytes = little(values.length * Float.BYTES);
      bytes.asFloatBuffer().put(values);
      return new Part("float32", Float.BYTES, Extent.shape(shape), bytes.array());
    }

    public static Part of(long[] shape, double... values) {
      ByteBuffer bytes = little(values.length * Double.BYTES);
      bytes.asDoubleBuffer().put(values);
      return new Part("float64", Double.BYTES, Extent.shape(shape), bytes.array());
    }

    public static Part of(long[] shape, int... values) {
      ByteBuffer bytes = little(values.length * Integer.BYTES);
      bytes.asIntBuffer().put(values);
      return new Part("int32", Integer.BYTES, Extent.shape(shape), bytes.array());
    }

    public static Part of(long[] shape, long... values) {
      ByteBuffer bytes = little(values.length * Long.BYTES);
      bytes.asLongBuffer().put(values);
      return new Part("int64", Long.BYTES, Extent.shape(shape), bytes.array());
    }

    public static Part of(long[] shape, byte... values) {
      return new Part("uint8", 1, Extent.shape(shape), values);
    }

    public static Part of(String... values) {
      List<String> texts = List.of(values);
      int elementBytes = Content.elementBytes(texts);
      byte[] bytes = Content.encode(texts, elementBytes).array();
      return new Part("string", elementBytes, List.of((long) values.length), bytes);
    }

    /** The same elements in another shape. */
    public Part reshaped(long... dimensions) {
      return new Part(type, elementBytes, Extent.shape(dimensions), bytes);
    }

    private static ByteBuffer little(int bytes) {
      return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  public static Forgery of(Path file) {
    Forgery forgery = new Forgery();
    try (SealedFile sealed = SealedFile.open(file)) {
      Structure structure = Structure.of(sealed);
      structure
          .datasets()
          .forEach((path, extent) -> forgery.datasets.put(path, part(sealed, extent)));
      forgery.attributes.putAll(structure.attributes());
    }
    forgery.datasets.remove(Manifest.PATH);
    forgery.attributes.keySet().removeIf(place -> place.startsWith(Manifest.PATH + "@"));
    return forgery;
  }

  private static Part part(SealedFile file, Extent extent) {
    ByteBuffer bytes = ByteBuffer.allocate((int) extent.bytes());
    try {
      file.read(bytes, extent.address());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return new Part(extent.type().toString(), extent.elementBytes(), extent.shape(), bytes.array());
  }

  /** By path; may be changed. */
  public Map<String, Part> datasets() {
    return datasets;
  }

  /** By path@name: String, String[], Integer, Long or Double; may be changed. */
  public Map<String, Object> attributes() {
    return attributes;
  }

  public Forgery put(String path, Part part) {
    datasets.put(path, part);
    return this;
  }

  public Forgery put(String place, Object attribute) {
    attributes.put(place, attribute);
    return this;
  }

  public Forgery remove(String place) {
    datasets.remove(place);
    attributes.remove(place);
    return this;
  }

  /** With a new manifest and a new seal. */
  public Path write(Path file) throws IOException {
    ObjectTree tree = new ObjectTree();
    List<Map.Entry<String, Part>> parts = new ArrayList<>(datasets.entrySet());
    ByteBuffer data = ByteBuffer.allocate(size());
    data.position(HeaderBlock.SUPERBLOCK_BYTES);
    for (Map.Entry<String, Part> entry : parts) {
      add(tree, entry.getKey(), entry.getValue(), data);
    }
    attributes.forEach((place, value) -> attribute(tree, place, value));
    List<String> lines = tree.manifest();
    add(tree, Manifest.PATH, Part.of(lines.toArray(String[]::new)), data)
        .attribute("description", "forged")
        .attribute("sha256", Manifest.sha256(lines));
    align(data);
    ByteBuffer headers = tree.headers(data.position());
    long end = data.position() + headers.remaining() + Seal.BYTES;
    ByteBuffer superblock = HeaderBlock.superblock(data.position(), end);
    Seal seal = Seal.of(data.position(), superblock, headers);
    try (FileChannel channel = PlainFile.fresh(file)) {
      channel.write(data.flip());
      channel.write(headers);
      channel.write(seal.bytes());
      channel.write(superblock, 0);
    }
    return file;
  }

  private int size() {
    int texts = attributes.keySet().stream().mapToInt(place -> place.length() + 200).sum();
    int lines = datasets.keySet().stream().mapToInt(path -> path.length() + 200).sum();
    int longest = attributes.keySet().stream().mapToInt(String::length).max().orElse(0) + 400;
    int bytes = datasets.values().stream().mapToInt(part -> part.bytes().length + 16).sum();
    return 4096 + texts + lines + bytes + longest * (attributes.size() + datasets.size());
  }

  private static Hdf5Object add(ObjectTree tree, String path, Part part, ByteBuffer data) {
    align(data);
    ElementType type = ElementType.valueOf(part.type().toUpperCase(java.util.Locale.ROOT));
    Extent extent = new Extent(type, part.elementBytes(), part.shape(), data.position());
    data.put(part.bytes());
    return tree.add(path, extent, sha256(type, part));
  }

  private static String sha256(ElementType type, Part part) {
    ByteBuffer bytes = ByteBuffer.wrap(part.bytes());
    return type == ElementType.STRING
        ? Sha256.of(String.join("\0", Content.decode(bytes, part.elementBytes())))
        : new Sha256().add(bytes).hex();
  }

  private static void align(ByteBuffer data) {
    data.position((data.position() + Long.BYTES - 1) & -Long.BYTES);
  }

  private void attribute(ObjectTree tree, String place, Object value) {
    int at = place.lastIndexOf('@');
    String path = place.substring(0, at);
    String name = place.substring(at + 1);
    Hdf5Object object = datasets.containsKey(path) ? tree.object(path) : tree.group(path);
    if (value instanceof String text) {
      object.attribute(name, text);
    } else if (value instanceof String[] texts) {
      object.attribute(name, texts);
    } else if (value instanceof Integer number) {
      object.attribute(name, number.intValue());
    } else if (value instanceof Long number) {
      object.attribute(name, number.longValue());
    } else {
      object.attribute(name, ((Double) value).doubleValue());
    }
  }
}
