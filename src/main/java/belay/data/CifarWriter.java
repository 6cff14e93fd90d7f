package belay.data;

import belay.error.ConfigurationException;
import belay.error.DataException;
import belay.storage.AtomicFile;
import belay.storage.PlainFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes a data set in the layout of CIFAR-10's binary version. Each file appears whole or not at
 * all, and a file that is already there with the same content stays: a second attempt finishes what
 * a first one began.
 */
public final class CifarWriter {
  private final Path directory;
  private final CifarLayout layout;

  public CifarWriter(Path directory, CifarLayout layout) {
    this.directory = directory;
    this.layout = layout;
  }

  /**
   * Divides the images among the files, the last ones taking the remainder.
   *
   * @throws ConfigurationException if there are fewer images than files
   * @throws DataException if a file with other content is in the way, or cannot be written
   */
  public void write(Dataset dataset) {
    Map<Path, Supplier<byte[]>> files = new LinkedHashMap<>();
    String names = String.join("\n", dataset.classNames()) + "\n";
    divide(dataset.train(), layout.trainFiles(), files);
    divide(dataset.test(), layout.testFiles(), files);
    files.put(directory.resolve(layout.namesFile()), () -> names.getBytes(StandardCharsets.UTF_8));
    try {
      Files.createDirectories(directory);
      for (Map.Entry<Path, Supplier<byte[]>> file : files.entrySet()) {
        refuseOther(file.getKey(), file.getValue());
      }
      for (Map.Entry<Path, Supplier<byte[]>> file : files.entrySet()) {
        write(file.getKey(), file.getValue());
      }
    } catch (IOException e) {
      throw new DataException(
          "Cannot write the data set into %s: %s; free space or choose another directory"
              .formatted(directory, Reason.of(e)),
          e);
    }
  }

  private void divide(ImageSet images, List<String> names, Map<Path, Supplier<byte[]>> files) {
    if (images.count() < names.size()) {
      throw new ConfigurationException(
          "%d images do not fill the %d files %s: ask for at least %d"
              .formatted(images.count(), names.size(), names, names.size()));
    }
    int from = 0;
    for (int i = 0; i < names.size(); i++) {
      int first = from;
      int end = first + (images.count() - first) / (names.size() - i);
      files.put(directory.resolve(names.get(i)), () -> records(images, first, end));
      from = end;
    }
  }

  private static void refuseOther(Path file, Supplier<byte[]> content) throws IOException {
    if (Files.exists(file) && !isThere(file, content.get())) {
      throw new DataException(
          "%s: is already there with other content; choose an empty directory".formatted(file));
    }
  }

  private static boolean isThere(Path file, byte[] content) throws IOException {
    return Files.isRegularFile(file)
        && Files.size(file) == content.length
        && Arrays.equals(PlainFile.read(file, content.length), content);
  }

  private static void write(Path file, Supplier<byte[]> content) throws IOException {
    if (Files.notExists(file)) {
      AtomicFile.write(file, content.get());
    }
  }

  /** Label and pixels of images {@code from} to {@code to - 1}, record after record. */
  private static byte[] records(ImageSet images, int from, int to) {
    ImageFormat format = images.format();
    byte[] records = new byte[Math.multiplyExact(to - from, format.recordBytes())];
    for (int row = from; row < to; row++) {
      int target = (row - from) * format.recordBytes();
      records[target] = (byte) images.label(row);
      System.arraycopy(
          images.pixels(), row * format.imageBytes(), records, target + 1, format.imageBytes());
    }
    return records;
  }
}
