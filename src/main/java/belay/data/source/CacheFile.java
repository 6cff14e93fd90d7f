package belay.data.source;

import belay.data.Dataset;
import belay.data.ImageSet;
import belay.data.ImageShape;
import belay.hdf.BoundedReader;
import belay.hdf.Bounds;
import belay.hdf.Hdf5Reader;
import belay.hdf.Hdf5Writer;
import belay.storage.Fence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Decoded pictures in HDF5: /train/images and /test/images uint8 [N, C, H, W] with labels uint8
 * [N], /classes, /damaged, and /sizes int32 [4].
 *
 * @param key digest of what was decoded, and how
 */
record CacheFile(Path path, String key, ImageShape shape) {
  private static final String FORMAT = "belay-pictures";
  private static final Bounds NUMBER = new Bounds(1, Labels.MOST);
  private static final Bounds SIDE = new Bounds(0, Integer.MAX_VALUE);

  /**
   * @return empty if the file is of other pictures
   * @throws belay.error.DataException if it is damaged, or none
   */
  Optional<Images> read() {
    try (Hdf5Reader reader = Hdf5Reader.open(path)) {
      if (!FORMAT.equals(reader.text("/", "format")) || !key.equals(reader.text("/", "key"))) {
        return Optional.empty();
      }
      BoundedReader bounded = new BoundedReader(reader);
      List<String> names = bounded.names("/classes", NUMBER);
      int[] sizes = bounded.ints("/sizes", SIDE, 4);
      Dataset dataset =
          new Dataset(set(reader, "/train", names), set(reader, "/test", names), names);
      List<String> damaged = reader.has("/damaged") ? reader.strings("/damaged") : List.of();
      SizeRange range = new SizeRange(sizes[0], sizes[1], sizes[2], sizes[3]);
      return Optional.of(new Images(dataset, damaged, range));
    }
  }

  void write(Images images) throws IOException {
    try (Hdf5Writer writer = Hdf5Writer.create(path)) {
      writer
          .group("/")
          .attribute("format", FORMAT)
          .attribute("key", key)
          .attribute("description", "Pictures as belay decoded them; delete it at any time");
      set(writer, "/train", images.dataset().train());
      set(writer, "/test", images.dataset().test());
      writer.strings("/classes", images.dataset().classNames());
      if (!images.damaged().isEmpty()) {
        writer.strings("/damaged", images.damaged());
      }
      SizeRange sizes = images.sizes();
      writer.ints(
          "/sizes",
          new int[] {
            sizes.leastWidth(), sizes.leastHeight(), sizes.mostWidth(), sizes.mostHeight()
          });
      writer.publish(Fence.NONE);
    }
  }

  private void set(Hdf5Writer writer, String group, ImageSet set) throws IOException {
    writer.unsignedBytes(
        group + "/images",
        set.pixels(),
        set.count(),
        shape.channels(),
        shape.height(),
        shape.width());
    writer.unsignedBytes(group + "/labels", set.labels(), set.count());
  }

  private ImageSet set(Hdf5Reader reader, String group, List<String> names) {
    byte[] labels = reader.unsignedBytes(group + "/labels");
    reader.expectShape(
        group + "/images",
        "the network",
        List.of(labels.length, shape.channels(), shape.height(), shape.width()));
    for (byte label : labels) {
      if ((label & 0xFF) >= names.size()) {
        throw reader.problem(
            "%s/labels has %d of %d classes".formatted(group, label, names.size()));
      }
    }
    return new ImageSet(
        shape.format(names.size()), reader.unsignedBytes(group + "/images"), labels);
  }
}
