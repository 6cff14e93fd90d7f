package belay.data.source;

import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.data.ImageShape;
import belay.data.RecordFile;
import belay.data.picture.PictureFile;
import belay.error.DataException;
import belay.storage.DiskProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Images that somebody names: files of records in the layout of CIFAR-10's binary version,
 * pictures, which are scaled and cut as those of a training are, and directories of both.
 */
public final class ImageFiles {
  private final ImageFormat format;

  /**
   * @param format that records have and pictures must fit; labels of records are below its classes
   */
  public ImageFiles(ImageFormat format) {
    this.format = format;
  }

  /**
   * Images of several files, in order.
   *
   * @param names of the images: the file's, and #INDEX for a record
   * @param labels class of each image, or -1 where the file does not tell
   */
  public record Named(ImageSet images, List<String> names, int[] labels) {}

  /**
   * Reads everything.
   *
   * @param paths files and directories; of a directory the .bin files and pictures in it
   * @throws DataException naming file and expectation, if one cannot be read or does not fit
   */
  public Named read(List<Path> paths) {
    List<Path> files = new ArrayList<>();
    paths.forEach(path -> files.addAll(expand(path)));
    List<RecordFile> records = new ArrayList<>(); // null for a picture
    long count = 0;
    for (Path file : files) {
      RecordFile record = PictureFile.isName(file) ? null : RecordFile.of(file, format);
      records.add(record);
      count += record == null ? 1 : record.count();
    }
    return read(files, records, count);
  }

  private Named read(List<Path> files, List<RecordFile> records, long count) {
    if (count * format.imageBytes() > Integer.MAX_VALUE - 8) {
      throw new DataException("%d images are too many at once; name fewer files".formatted(count));
    }
    byte[] pixels = new byte[(int) count * format.imageBytes()];
    byte[] classes = new byte[(int) count];
    int[] labels = new int[(int) count];
    List<String> names = new ArrayList<>();
    ImageShape shape = new ImageShape(format.height(), format.width(), format.channels());
    for (int f = 0; f < files.size(); f++) {
      int first = names.size();
      if (records.get(f) == null) {
        PictureFile.read(files.get(f), shape, pixels, first * format.imageBytes());
        labels[first] = -1;
        names.add(files.get(f).toString());
        continue;
      }
      records.get(f).read(pixels, classes, first);
      for (int i = 0; i < records.get(f).count(); i++) {
        labels[first + i] = Byte.toUnsignedInt(classes[first + i]);
        names.add(files.get(f) + "#" + i);
      }
    }
    return new Named(new ImageSet(format, pixels, classes), names, labels);
  }

  private static List<Path> expand(Path path) {
    if (Files.notExists(path)) {
      throw new DataException(path + ": no such file or directory");
    }
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> entries = Files.list(path)) {
      List<Path> images =
          entries
              .filter(Files::isRegularFile)
              .filter(file -> PictureFile.isName(file) || lowerName(file).endsWith(".bin"))
              .sorted()
              .toList();
      if (images.isEmpty()) {
        throw new DataException(path + ": holds no .bin file and no picture; name files of images");
      }
      return images;
    } catch (IOException e) {
      throw new DataException("Cannot list %s: %s".formatted(path, DiskProblem.reason(e)), e);
    }
  }

  private static String lowerName(Path file) {
    return file.getFileName().toString().toLowerCase(Locale.ROOT);
  }
}
