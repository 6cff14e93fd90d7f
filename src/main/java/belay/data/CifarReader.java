package belay.data;

import belay.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads a data set in the layout of CIFAR-10's binary version (Krizhevsky, "Learning multiple
 * layers of features from tiny images", 2009). The files lie in the directory or in its only
 * subdirectory that holds them, as they do when the published archive is unpacked there.
 */
public final class CifarReader {
  /** What to do where there are no images. */
  public static final String WHERE_FROM =
      "'belay fetch DIR' gets CIFAR-10, 'belay sample DIR' makes a synthetic set, data.dir says"
          + " where it is";

  // Some virtual machines refuse arrays of the last few lengths.
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private final Path directory;
  private final CifarLayout layout;

  public CifarReader(Path directory, CifarLayout layout) {
    this.directory = directory;
    this.layout = layout;
  }

  /**
   * Reads everything.
   *
   * @throws DataException naming file, place and expectation, if a file is missing or damaged
   */
  public Dataset read() {
    Path home = home();
    List<RecordFile> train = open(home, layout.trainFiles());
    List<RecordFile> test = open(home, layout.testFiles());
    List<String> names = ClassNames.read(home, layout);
    return new Dataset(load(home, train), load(home, test), names);
  }

  /**
   * Reads the test images alone.
   *
   * @throws DataException naming file, place and expectation, if a file is missing or damaged
   */
  public ImageSet readTest() {
    Path home = home();
    return load(home, open(home, layout.testFiles()));
  }

  /**
   * Reads the training images alone.
   *
   * @throws DataException naming file, place and expectation, if a file is missing or damaged
   */
  public ImageSet readTrain() {
    Path home = home();
    return load(home, open(home, layout.trainFiles()));
  }

  /** Whether any of the files is there. */
  public boolean isThere() {
    return Files.isDirectory(directory) && (present(directory) > 0 || !subdirectories().isEmpty());
  }

  /**
   * The names in the file of class names, however many; empty if there is no such file.
   *
   * @throws DataException if it is no list of names
   */
  public Optional<List<String>> classNames() {
    return ClassNames.find(home(), layout.namesFile());
  }

  /**
   * Training and test images together, by the files' lengths.
   *
   * @throws DataException if a file is missing or has not whole records
   */
  public long count() {
    Path home = home();
    return layout
        .recordFiles()
        .map(name -> RecordFile.of(home.resolve(name), layout.format()))
        .mapToLong(RecordFile::count)
        .sum();
  }

  /**
   * Looks at the files' lengths without reading them.
   *
   * @return the directory that holds the files
   * @throws DataException if one is missing or has not whole records
   */
  public Path check() {
    Path home = home();
    layout.recordFiles().forEach(name -> RecordFile.of(home.resolve(name), layout.format()));
    return home;
  }

  private Path home() {
    if (!Files.isDirectory(directory)) {
      throw new DataException(
          "%s: %s; %s"
              .formatted(
                  directory,
                  Files.exists(directory)
                      ? "is a file, expected the directory of a data set"
                      : "no such directory",
                  WHERE_FROM));
    }
    if (present(directory) == layout.recordFiles().count()) {
      return directory;
    }
    List<Path> inside = subdirectories();
    if (inside.size() > 1) {
      throw new DataException(
          "%s: holds several data sets, %s; name one of them".formatted(directory, inside));
    }
    return inside.isEmpty() ? directory : inside.get(0);
  }

  private long present(Path home) {
    return layout.recordFiles().map(home::resolve).filter(Files::exists).count();
  }

  /** The subdirectories with all files, or with some if nothing but they has any. */
  private List<Path> subdirectories() {
    try (Stream<Path> entries = Files.list(directory)) {
      List<Path> some =
          entries
              .filter(entry -> !entry.getFileName().toString().startsWith("."))
              .filter(entry -> present(entry) > 0)
              .sorted()
              .toList();
      List<Path> whole =
          some.stream().filter(e -> present(e) == layout.recordFiles().count()).toList();
      return whole.isEmpty() && present(directory) == 0 ? some : whole;
    } catch (IOException e) {
      throw new DataException("Cannot list %s: %s".formatted(directory, Reason.of(e)), e);
    }
  }

  private List<RecordFile> open(Path home, List<String> names) {
    return names.stream().map(name -> RecordFile.of(home.resolve(name), layout.format())).toList();
  }

  private ImageSet load(Path home, List<RecordFile> files) {
    long count = files.stream().mapToLong(RecordFile::count).sum();
    long bytes = count * layout.format().imageBytes();
    if (bytes > MAX_ARRAY) {
      throw new DataException(
          "%s: %d images in %s are %d bytes of pixels, one set holds at most %d; name fewer files"
              .formatted(home, count, fileNames(files), bytes, MAX_ARRAY));
    }
    byte[] pixels = allocate(home, (int) bytes);
    byte[] labels = new byte[(int) count];
    int first = 0;
    for (RecordFile file : files) {
      file.read(pixels, labels, first);
      first += file.count();
    }
    return new ImageSet(layout.format(), pixels, labels);
  }

  private static byte[] allocate(Path home, int bytes) {
    try {
      return new byte[bytes];
    } catch (OutOfMemoryError e) {
      throw new DataException(
          "%s: %d MiB of pixels do not fit Java's heap of %d MiB; ask for more memory or start java"
                  .formatted(home, bytes >> 20, Runtime.getRuntime().maxMemory() >> 20)
              + " with a larger -Xmx",
          e);
    }
  }

  private static List<Path> fileNames(List<RecordFile> files) {
    return files.stream().map(file -> file.path().getFileName()).toList();
  }
}
