package belay.hdf;

import io.jhdf.WritableGroupImpl;
import io.jhdf.api.WritableNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The groups, datasets and attributes of a file that is being written, and their digests. */
final class ObjectTree {
  private final WritableGroupImpl root = new WritableGroupImpl(null, "/");
  private final Map<String, WritableNode> nodes = new TreeMap<>();
  private final Map<String, Object> attributes = new TreeMap<>(); // by path@name
  private final List<String> lines = new ArrayList<>(); // of the datasets

  ObjectTree() {
    nodes.put("/", root);
  }

  Hdf5Object group(String path) {
    groupNode(path);
    return object(path);
  }

  Hdf5Object add(String path, Extent extent, String sha256) {
    WritableGroupImpl parent = groupNode(Manifest.parent(path));
    StoredDataset dataset = new StoredDataset(parent, Manifest.name(path), extent);
    parent.putDataset(dataset.getName(), dataset);
    nodes.put(path, dataset);
    lines.add(Content.line(sha256, extent.type(), extent.shape(), path));
    return object(path);
  }

  /**
   * @throws IllegalArgumentException unless a dataset can have the path
   */
  void checkNew(String path) {
    if (!path.matches("(/[^/@]+)+") || nodes.containsKey(path)) {
      throw new IllegalArgumentException(path + " is no path of a new dataset");
    }
  }

  List<String> manifest() {
    List<String> all = new ArrayList<>(lines);
    attributes.forEach((path, value) -> all.add(Content.attributeLine(path, value)));
    return Manifest.sorted(all);
  }

  ByteBuffer headers(long address) {
    return HeaderBlock.of(root, address);
  }

  private WritableGroupImpl groupNode(String path) {
    WritableNode node = nodes.get(path);
    if (node == null) {
      checkNew(path);
      node = groupNode(Manifest.parent(path)).putGroup(Manifest.name(path));
      nodes.put(path, node);
    }
    if (node instanceof WritableGroupImpl group) {
      return group;
    }
    throw new IllegalArgumentException(path + " is a dataset, not a group");
  }

  Hdf5Object object(String path) {
    return new Hdf5Object(path, nodes.get(path), attributes);
  }
}
