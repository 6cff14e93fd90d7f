package belay.hdf;

import belay.error.DataException;
import belay.storage.DiskProblem;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Link;
import io.jhdf.api.Node;
import io.jhdf.nio.FileChannelFromSeekableByteChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An HDF5 file that another program wrote, such as h5py: datasets of whole numbers, contiguous,
 * compact or in chunks, with deflate, shuffle or lzf. It carries no digests, so that damage shows
 * only where it makes something impossible; that is one DataException, whatever jhdf makes of it.
 */
public final class ForeignFile implements AutoCloseable {
  private static final int MOST_NAMED = 12;
  private static final int MAX_DEPTH = 4;

  static {
    JhdfLog.silence();
  }

  private final Path path;
  private final FileChannel channel;
  private final Group root;

  private ForeignFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    if (!hasSignature(channel)) {
      throw problem("is not an HDF5 file");
    }
    BoundedChannel bounded = new BoundedChannel(channel);
    this.root = guarded(() -> new HdfFile(new FileChannelFromSeekableByteChannel(bounded)));
  }

  /**
   * @throws DataException if it cannot be read, or is no HDF5 file
   */
  public static ForeignFile open(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new DataException(path + ": is not a regular file, expected an HDF5 file");
    }
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        return new ForeignFile(path, channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new DataException(path + ": cannot be read: " + DiskProblem.reason(e), e);
    }
  }

  /** At byte 0, 512, 1024, 2048 and so on: what is before it is the user's (HDF5 format, II.A). */
  private static boolean hasSignature(FileChannel channel) throws IOException {
    for (long at = 0; at < channel.size(); at = Math.max(512, 2 * at)) {
      ByteBuffer start = ByteBuffer.allocate(8);
      channel.read(start, at);
      if (HeaderBlock.hasSignature(start.flip())) {
        return true;
      }
    }
    return false;
  }

  /** Whether there is a dataset, as /train/images. */
  public boolean has(String dataset) {
    return guarded(() -> find(dataset).isPresent());
  }

  /** Slowest dimension first. */
  public List<Long> shape(String dataset) {
    return guarded(() -> Extent.shape(require(dataset).getDimensionsAsLong()));
  }

  /**
   * All elements of an 8-bit unsigned dataset in row-major order.
   *
   * @throws DataException if it has another type, is damaged or too large for one array
   */
  public byte[] unsignedBytes(String dataset) {
    return guarded(() -> elements(dataset).unsignedBytes());
  }

  /**
   * All elements of a dataset of whole numbers of any width.
   *
   * @throws DataException if it has another type, is damaged or too large for one array
   */
  public long[] integers(String dataset) {
    return guarded(() -> elements(dataset).integers());
  }

  /** The first datasets in order of their names, for messages. */
  public List<String> datasets() {
    List<String> names = new ArrayList<>();
    guarded(
        () -> {
          list(root, "", 0, names);
          return names;
        });
    return names;
  }

  /** A problem with this file, for a caller who expects more of it. */
  public DataException problem(String message) {
    return new DataException(path + ": " + message);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written, so nothing is lost.
    }
  }

  private void list(Group group, String parent, int depth, List<String> names) {
    for (Node child : group.getChildren().values()) {
      String name = parent + "/" + child.getName();
      if (names.size() >= MOST_NAMED || child instanceof Link) {
        continue;
      }
      if (child instanceof Dataset) {
        names.add(name);
      } else if (child instanceof Group inner && depth < MAX_DEPTH) {
        list(inner, name, depth + 1, names);
      }
    }
  }

  private ForeignElements elements(String dataset) {
    return new ForeignElements(this, dataset, require(dataset), size());
  }

  private long size() {
    try {
      return channel.size();
    } catch (IOException e) {
      throw problem("cannot be read: " + DiskProblem.reason(e));
    }
  }

  private Dataset require(String dataset) {
    return find(dataset)
        .orElseThrow(
            () ->
                problem(
                    "has no dataset %s; it has %s"
                        .formatted(dataset, String.join(", ", datasets()))));
  }

  /** Links are not followed: they may lead out of the file. */
  private Optional<Dataset> find(String dataset) {
    Node node = root;
    for (String step : dataset.replaceFirst("^/", "").split("/")) {
      if (!(node instanceof Group group)) {
        return Optional.empty();
      }
      node = group.getChildren().get(step);
    }
    return node instanceof Dataset found && !(node instanceof Link)
        ? Optional.of(found)
        : Optional.empty();
  }

  private <T> T guarded(Supplier<T> work) {
    try {
      return work.get();
    } catch (DataException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | NoClassDefFoundError e) {
      // jhdf meets bad lengths and addresses in many ways; rare filters want other libraries.
      throw new DataException(
          "%s: is damaged, or HDF5 of a kind that is not read: %s"
              .formatted(path, String.valueOf(e.getMessage()).replaceAll("[\\p{Cntrl}\\s]+", " ")),
          e);
    } catch (OutOfMemoryError e) {
      throw new DataException(
          "%s: does not fit Java's heap of %d MiB: it is damaged, or java needs a larger -Xmx"
              .formatted(path, Runtime.getRuntime().maxMemory() >> 20),
          e);
    }
  }
}
