package belay.hdf;

import io.jhdf.api.WritableNode;
import java.util.List;
import java.util.Map;

/** A group or dataset in a file that is being written. */
public final class Hdf5Object {
  // A header message counts its bytes in 16 bits; name and type need some of them.
  private static final int MAX_BYTES = 64_000;

  private final String path;
  private final WritableNode node;
  private final Map<String, Object> attributes;

  /**
   * @param attributes receives each attribute as path@name
   */
  Hdf5Object(String path, WritableNode node, Map<String, Object> attributes) {
    this.path = path;
    this.node = node;
    this.attributes = attributes;
  }

  /**
   * @throws IllegalArgumentException if the text has more than 64,000 bytes or holds a zero byte
   */
  public Hdf5Object attribute(String name, String text) {
    checkLength(name, Content.utf8(text).length);
    return put(name, text);
  }

  /**
   * @param texts at least one
   */
  public Hdf5Object attribute(String name, String... texts) {
    int longest = Content.elementBytes(List.of(texts));
    checkLength(name, (long) longest * texts.length);
    return put(name, texts.clone());
  }

  public Hdf5Object attribute(String name, int value) {
    return put(name, value);
  }

  public Hdf5Object attribute(String name, long value) {
    return put(name, value);
  }

  /** The value's 64 bits are kept. */
  public Hdf5Object attribute(String name, double value) {
    return put(name, value);
  }

  private Hdf5Object put(String name, Object value) {
    attributes.put(path + "@" + name, value);
    node.putAttribute(name, value);
    return this;
  }

  private void checkLength(String name, long bytes) {
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "%s@%s has %d bytes, an attribute holds %d".formatted(path, name, bytes, MAX_BYTES));
    }
  }
}
