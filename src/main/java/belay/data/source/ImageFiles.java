package belay.data.source;

import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.data.ImageShape;
import belay.data.RecordFile;
import belay.data.picture.PictureFile;
import belay.error.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Images that somebody names: files of records in the layout of CIFAR-10's binary version,
 * pictures, which are scaled and cut as those of a training are, directories of both, and data sets
 * in any other format.
 */
public final class ImageFiles {
  private final ImageFormat format;
  private final ImageShape shape;
  private final List<String> classNames;
  private final Function<Path, ImageQuery> query;

  /**
   * @param format that records have and pictures must fit; labels of records are below its classes
   * @param classNames a picture in a directory of such a name is of that class
   * @param query what is said of a data set at a place
   */
  public ImageFiles(ImageFormat format, List<String> classNames, Function<Path, ImageQuery> query) {
    this.format = format;
    this.shape = new ImageShape(format.height(), format.width(), format.channels());
    this.classNames = List.copyOf(classNames);
    this.query = query;
  }

  /**
   * Images of several files, in order.
   *
   * @param names of the images: the file's, and #INDEX for one of several
   * @param labels class of each image, or -1 where nothing tells
   */
  public record Named(ImageSet images, List<String> names, int[] labels) {}

  /**
   * Reads everything.
   *
   * @param paths files and directories; of a directory the .bin files and pictures in it, else the
   *     pictures below it, else the test images of the data set that it is
   * @throws DataException naming file and expectation, if one cannot be read or does not fit
   */
  public Named read(List<Path> paths) {
    List<NamedPart> parts = paths.stream().flatMap(path -> parts(path).stream()).toList();
    long count = parts.stream().mapToLong(NamedPart::count).sum();
    if (count * format.imageBytes() > Integer.MAX_VALUE - 8) {
      throw new DataException("%d images are too many at once; name fewer files".formatted(count));
    }
    byte[] pixels = new byte[(int) count * format.imageBytes()];
    int[] labels = new int[(int) count];
    List<String> names = new ArrayList<>();
    for (NamedPart part : parts) {
      part.read(pixels, labels, names.size());
      for (int i = 0; i < part.count(); i++) {
        names.add(part.name(i));
      }
    }
    return new Named(new ImageSet(format, pixels, new byte[(int) count]), names, labels);
  }

  private List<NamedPart> parts(Path path) {
    if (Files.notExists(path)) {
      throw new DataException(path + ": no such file or directory");
    }
    if (!Files.isDirectory(path)) {
      return Hdf5Source.isName(path) ? List.of(set(path)) : List.of(file(path));
    }
    List<Path> files =
        Folder.files(path).stream()
            .filter(file -> PictureFile.isName(file) || lowerName(file).endsWith(".bin"))
            .toList();
    List<Path> inside = files.isEmpty() ? PictureTree.pictures(path) : files;
    return inside.isEmpty() || Cifar100Source.hasNames(path)
        ? List.of(set(path))
        : inside.stream().map(this::file).toList();
  }

  private NamedPart set(Path place) {
    ImageSource source = ImageSources.fitting(query.apply(place), shape);
    return new NamedPart.OfSet(source.place(), source.readUnseen(Reading.whole()));
  }

  private NamedPart file(Path file) {
    if (!PictureFile.isName(file)) {
      return new NamedPart.Records(RecordFile.of(file, format));
    }
    Path parent = file.toAbsolutePath().normalize().getParent();
    int label = classNames.indexOf(String.valueOf(parent.getFileName()));
    return new NamedPart.Picture(file, label, shape);
  }

  private static String lowerName(Path file) {
    return file.getFileName().toString().toLowerCase(Locale.ROOT);
  }
}
