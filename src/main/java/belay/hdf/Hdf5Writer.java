package belay.hdf;

import belay.error.DataException;
import belay.storage.AtomicFile;
import belay.storage.Fence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes an HDF5 file beside its final name, dataset by dataset, and gives it that name only when
 * all of it is known to be on disk.
 *
 * <p>Paths begin with a slash; the groups in a path are made as needed. Shapes are given slowest
 * dimension first, elements in row-major order; without a shape a dataset has one dimension. The
 * writing methods throw an IOException that names the file and the reason in one line, and an
 * IllegalArgumentException where shape, path or text cannot be.
 */
public final class Hdf5Writer implements AutoCloseable {
  static {
    JhdfLog.silence();
  }

  // Files up to this size are read back before they are published.
  private static final long READ_BACK_BYTES = 64L << 20;
  private static final int PAGE = 4096;
  private static final String MANIFEST_NOTE =
      "One line for each dataset and attribute: SHA-256, type, shape, path. Numbers are digested as"
          + " they lie in the file, strings as UTF-8 with a zero byte between two of them. More than"
          + " 64 MiB: the SHA-256 of the 32-byte SHA-256s of its pieces of 4 MiB, and :4194304. The"
          + " attribute sha256 is the SHA-256 of the lines joined by newlines.";

  private final Path target;
  private final DataSink sink;
  private final ObjectTree tree = new ObjectTree();
  private FloatRows streaming; // or null
  private boolean published;

  private Hdf5Writer(Path target) throws IOException {
    this.target = target;
    this.sink = new DataSink(AtomicFile.partial(target), HeaderBlock.SUPERBLOCK_BYTES);
  }

  /** Begins a file; one that is left over from a dead writer of the same file is replaced. */
  public static Hdf5Writer create(Path target) throws IOException {
    return new Hdf5Writer(target);
  }

  /** The group at a path, made with its parents where it is missing; "/" is the root. */
  public Hdf5Object group(String path) {
    return tree.group(path);
  }

  public Hdf5Object floats(String path, float[] values, long... shape) throws IOException {
    return floats(path, FloatBuffer.wrap(values), shape);
  }

  public Hdf5Object floats(String path, FloatBuffer values, long... shape) throws IOException {
    FloatRows whole = stream(path, orLength(shape, values.remaining()));
    whole.write(values);
    return whole.end();
  }

  /** A dataset that is written piece by piece, and ended before anything else is written. */
  public FloatRows stream(String path, long... shape) {
    Extent extent = begin(path, ElementType.FLOAT32, Float.BYTES, shape);
    streaming =
        new FloatRows(
            sink,
            extent.count(),
            sha256 -> {
              streaming = null;
              return tree.add(path, extent, sha256);
            });
    return streaming;
  }

  public Hdf5Object doubles(String path, double[] values, long... shape) throws IOException {
    ByteBuffer bytes = allocate(values.length, Double.BYTES);
    bytes.asDoubleBuffer().put(values);
    return put(path, ElementType.FLOAT64, Double.BYTES, orLength(shape, values.length), bytes);
  }

  public Hdf5Object ints(String path, int[] values, long... shape) throws IOException {
    ByteBuffer bytes = allocate(values.length, Integer.BYTES);
    bytes.asIntBuffer().put(values);
    return put(path, ElementType.INT32, Integer.BYTES, orLength(shape, values.length), bytes);
  }

  public Hdf5Object longs(String path, long[] values, long... shape) throws IOException {
    ByteBuffer bytes = allocate(values.length, Long.BYTES);
    bytes.asLongBuffer().put(values);
    return put(path, ElementType.INT64, Long.BYTES, orLength(shape, values.length), bytes);
  }

  public Hdf5Object unsignedBytes(String path, byte[] values, long... shape) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(values);
    return put(path, ElementType.UINT8, 1, orLength(shape, values.length), bytes);
  }

  /** A list of strings, stored in UTF-8 with the length of the longest. */
  public Hdf5Object strings(String path, List<String> values) throws IOException {
    int elementBytes = Content.elementBytes(values);
    Extent extent = begin(path, ElementType.STRING, elementBytes, values.size());
    sink.append(Content.encode(values, elementBytes));
    return tree.add(path, extent, Sha256.of(String.join("\0", values)));
  }

  /**
   * Completes the file, checks it and gives it its final name, replacing an old one. Nothing can be
   * written afterwards.
   *
   * @param fence asked immediately before the file appears
   */
  public void publish(Fence fence) throws IOException {
    complete();
    sink.force();
    sink.close();
    if (sink.position() <= READ_BACK_BYTES) {
      readBack();
    }
    fence.check();
    try {
      AtomicFile.publish(target);
    } catch (IOException e) {
      throw DataSink.problem(target, e);
    }
    published = true;
  }

  /** Deletes what was written unless it is published. */
  @Override
  public void close() throws IOException {
    if (!published) {
      if (streaming != null) {
        streaming.close();
      }
      sink.close();
      Files.deleteIfExists(AtomicFile.partial(target));
    }
  }

  private void readBack() throws IOException {
    try (Hdf5Reader reader = Hdf5Reader.open(AtomicFile.partial(target))) {
      reader.verify();
    } catch (DataException e) {
      throw new IOException("The disk did not keep what was written: " + e.getMessage(), e);
    }
  }

  private void complete() throws IOException {
    List<String> lines = tree.manifest();
    strings(Manifest.PATH, lines)
        .attribute("description", MANIFEST_NOTE)
        .attribute("sha256", Manifest.sha256(lines));
    long address = sink.align(Long.BYTES);
    ByteBuffer headers = tree.headers(address);
    long end = address + headers.remaining() + Seal.BYTES;
    ByteBuffer superblock = HeaderBlock.superblock(address, end);
    Seal seal = Seal.of(address, superblock, headers);
    sink.append(headers);
    sink.append(seal.bytes());
    sink.write(superblock, 0);
  }

  private Hdf5Object put(
      String path, ElementType type, int elementBytes, long[] shape, ByteBuffer bytes)
      throws IOException {
    Extent extent = begin(path, type, elementBytes, shape);
    if (extent.bytes() != bytes.remaining()) {
      throw new IllegalArgumentException(
          "%s has %d bytes, its shape %s holds %d"
              .formatted(path, bytes.remaining(), Extent.text(extent.shape()), extent.bytes()));
    }
    String sha256 = new Sha256().add(bytes).hex();
    sink.append(bytes);
    return tree.add(path, extent, sha256);
  }

  private Extent begin(String path, ElementType type, int elementBytes, long... shape) {
    if (streaming != null) {
      throw new IllegalStateException(path + " begins before the streamed dataset has ended");
    }
    tree.checkNew(path);
    Extent extent = new Extent(type, elementBytes, Extent.shape(shape), sink.position());
    // Whole pages for large reads and mappings.
    return extent.at(sink.align(extent.bytes() < PAGE ? Long.BYTES : PAGE));
  }

  private static ByteBuffer allocate(int count, int bytes) {
    return ByteBuffer.allocate(Math.multiplyExact(count, bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long[] orLength(long[] shape, int length) {
    return shape.length == 0 ? new long[] {length} : shape;
  }
}
