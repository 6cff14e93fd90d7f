package belay.hdf;

import belay.error.DataException;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.nio.FileChannelFromSeekableByteChannel;
import io.jhdf.object.datatype.DataType;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Everything in a file but the elements of its datasets, as jhdf reads it from the headers. */
final class Structure {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_OBJECTS = 100_000;

  /** Of an attribute: a header message counts its bytes in 16 bits. */
  private static final int MAX_ATTRIBUTE_BYTES = 1 << 16;

  private static final Pattern UNFIT_NAME = Pattern.compile("[/@\\p{Cntrl}]|^$");

  private final SealedFile file;
  private final Map<String, Extent> datasets = new TreeMap<>();
  private final Map<String, Object> attributes = new TreeMap<>(); // by path@name
  private int objects;
  private long datasetBytes;
  private long attributeBytes;

  private Structure(SealedFile file) {
    this.file = file;
  }

  /**
   * @throws DataException if the headers are not such as belay writes
   */
  static Structure of(SealedFile file) {
    Structure structure = new Structure(file);
    try {
      structure.group(new HdfFile(new FileChannelFromSeekableByteChannel(file.headers())), "", 0);
    } catch (DataException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      // jhdf trusts lengths and addresses, and so meets bad ones in many ways.
      throw file.problem("has damaged HDF5 headers: " + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      long mib = Runtime.getRuntime().maxMemory() >> 20;
      throw file.problem(
          "has HDF5 headers that %d MiB of Java's heap cannot hold: they are damaged, or java needs a larger -Xmx"
              .formatted(mib),
          e);
    }
    return structure;
  }

  Map<String, Extent> datasets() {
    return datasets;
  }

  /**
   * @throws DataException if there is no such dataset
   */
  Extent dataset(String path) {
    Extent extent = datasets.get(path);
    if (extent == null) {
      throw file.problem("lacks the dataset " + path);
    }
    return extent;
  }

  /**
   * @throws DataException if there is no such dataset, or its elements have another type
   */
  Extent dataset(String path, ElementType type) {
    Extent extent = dataset(path);
    if (extent.type() != type) {
      throw file.problem("%s has type %s, expected %s".formatted(path, extent.type(), type));
    }
    return extent;
  }

  Map<String, Object> attributes() {
    return attributes;
  }

  private void group(Group group, String path, int depth) {
    attributes(group, path.isEmpty() ? "/" : path);
    if (depth > MAX_DEPTH) {
      throw file.problem(path + " lies deeper than " + MAX_DEPTH + " groups");
    }
    for (Map.Entry<String, Node> child : group.getChildren().entrySet()) {
      checkName(child.getKey(), path.isEmpty() ? "/" : path);
      node(child.getValue(), path + "/" + child.getKey(), depth + 1);
    }
  }

  private void node(Node node, String path, int depth) {
    if (++objects > MAX_OBJECTS) {
      throw file.problem("has more than " + MAX_OBJECTS + " objects");
    }
    if (node instanceof Group group) {
      group(group, path, depth);
    } else if (node instanceof ContiguousDataset dataset) {
      datasets.put(path, extent(dataset, path));
      attributes(dataset, path);
    } else {
      throw file.problem(path + " is neither a group nor a contiguous dataset");
    }
  }

  private void checkName(String name, String parent) {
    if (UNFIT_NAME.matcher(name).find()) {
      throw file.problem("has a name in " + parent + " that belay never writes");
    }
  }

  private Extent extent(ContiguousDataset dataset, String path) {
    Extent extent =
        new Extent(
            type(dataset.getDataType(), path),
            dataset.getDataType().getSize(),
            Extent.shape(dataset.getDimensionsAsLong()),
            ((Dataset) dataset).isEmpty() ? 0 : dataset.getDataAddress());
    if (extent.shape().stream().anyMatch(dimension -> dimension < 0)
        || extent.address() < 0
        || extent.bytes() > file.length() - extent.address()) {
      throw file.problem(path + " reaches beyond the end of the file");
    }
    // Datasets that share their bytes would let a small file claim any size.
    datasetBytes += extent.bytes();
    if (datasetBytes > file.length()) {
      throw file.problem("has datasets that overlap, " + path + " among them");
    }
    return extent;
  }

  private ElementType type(DataType type, String path) {
    return ElementType.of(type)
        .orElseThrow(
            () -> file.problem(path + " has the type " + type + ", which belay never writes"));
  }

  private void attributes(Node node, String path) {
    node.getAttributes()
        .forEach(
            (name, value) -> {
              checkName(name, path);
              attributes.put(path + "@" + name, value(value));
            });
  }

  private Object value(Attribute attribute) {
    // A claim that is larger than the bytes behind it would make jhdf allocate it.
    long count = 1;
    for (long dimension : attribute.getDimensionsAsLong()) {
      count = Math.multiplyExact(count, dimension);
    }
    long bytes = Math.multiplyExact(count, Math.max(1, attribute.getDataType().getSize()));
    attributeBytes += bytes;
    if (bytes > MAX_ATTRIBUTE_BYTES || attributeBytes > file.length()) {
      throw new IllegalArgumentException(attribute.getName() + " is too large for an attribute");
    }
    Object value = attribute.getData();
    if (Stream.of(String.class, String[].class, Integer.class, Long.class, Double.class)
        .noneMatch(type -> type.isInstance(value))) {
      throw new IllegalArgumentException(attribute.getName() + " has a type belay never writes");
    }
    return value;
  }
}
