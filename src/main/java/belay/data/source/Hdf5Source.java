package belay.data.source;

import belay.data.ImageSet;
import belay.data.ImageShape;
import belay.error.DataException;
import belay.hdf.ForeignFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An HDF5 file with images [N, H, W, C], [N, C, H, W] or [N, H, W] of unsigned bytes, and labels
 * [N] of whole numbers. Of the two orders the one that gives the network's shape is taken, else the
 * one with at most four channels.
 */
final class Hdf5Source implements ImageSource {
  private static final int MOST_CHANNELS = 4;

  private final Path file;
  private final ImageQuery query;
  private final ImageShape wanted;

  private Hdf5Source(Path file, ImageQuery query, ImageShape wanted) {
    this.file = file;
    this.query = query;
    this.wanted = wanted;
  }

  /**
   * @param wanted what the network takes
   * @throws DataException if a directory holds several HDF5 files
   */
  static Optional<ImageSource> find(ImageQuery query, ImageShape wanted) {
    Path place = query.place();
    if (Files.isRegularFile(place)) {
      return Optional.of(new Hdf5Source(place, query, wanted));
    }
    List<Path> inside = Folder.files(place).stream().filter(Hdf5Source::isName).toList();
    if (inside.size() > 1) {
      throw new DataException(
          "%s: holds several HDF5 files, %s; name one of them as data.dir"
              .formatted(place, inside.stream().map(Path::getFileName).toList()));
    }
    return inside.stream().findFirst().map(only -> new Hdf5Source(only, query, wanted));
  }

  static boolean isName(Path file) {
    return file.getFileName().toString().toLowerCase(Locale.ROOT).matches(".*\\.(h5|hdf5|hdf)");
  }

  @Override
  public String format() {
    return "an HDF5 file";
  }

  @Override
  public Path place() {
    return file;
  }

  @Override
  public Optional<ImageShape> shape() {
    try (ForeignFile open = ForeignFile.open(file)) {
      return Optional.of(layout(open, names(open).images()).shape());
    }
  }

  @Override
  public long count() {
    try (ForeignFile open = ForeignFile.open(file)) {
      Hdf5Names names = names(open);
      long test = names.hasTest() ? open.shape(names.testImages()).get(0) : 0;
      return open.shape(names.images()).get(0) + test;
    }
  }

  @Override
  public Images read(Reading how) {
    try (ForeignFile open = ForeignFile.open(file)) {
      Hdf5Names names = names(open);
      ImageShape shape = layout(open, names.images()).shape();
      Planes train = read(open, names.images(), names.labels(), shape);
      if (!names.hasTest()) {
        return Whole.divided(file, query, shape, train);
      }
      Planes test = read(open, names.testImages(), names.testLabels(), shape);
      int classes = Labels.classes(file, query.classes(), train.labels(), test.labels());
      return Images.stored(Labels.numbered(shape, classes, train, test));
    }
  }

  @Override
  public ImageSet readUnseen(Reading how) {
    try (ForeignFile open = ForeignFile.open(file)) {
      Hdf5Names names = names(open);
      ImageShape shape = layout(open, names.images()).shape();
      return names.hasTest()
          ? readTest(how)
          : Whole.set(file, query, shape, read(open, names.images(), names.labels(), shape));
    }
  }

  private Hdf5Names names(ForeignFile open) {
    return query
        .hdf5()
        .in(open)
        .orElseThrow(
            () ->
                open.problem(
                    "has the datasets %s; expected %s"
                        .formatted(String.join(", ", open.datasets()), Hdf5Names.EXPECTED)));
  }

  private Planes read(ForeignFile open, String images, String labels, ImageShape expected) {
    Layout layout = layout(open, images);
    if (!layout.shape().equals(expected)) {
      throw open.problem(
          "%s has images of %s, the training images are %s"
              .formatted(images, layout.shape(), expected));
    }
    byte[] values = open.unsignedBytes(images);
    byte[] classes = Labels.bytes(file + ": " + labels, open.integers(labels));
    if (classes.length != open.shape(images).get(0)) {
      throw open.problem(
          "%s has %d labels, %s has %d images"
              .formatted(labels, classes.length, images, open.shape(images).get(0)));
    }
    return new Planes(
        layout.isChannelsLast() ? Planes.fromChannelsLast(values, expected) : values, classes);
  }

  private record Layout(ImageShape shape, boolean isChannelsLast) {}

  private Layout layout(ForeignFile open, String images) {
    List<Long> shape = open.shape(images);
    boolean isFit =
        (shape.size() == 3 || shape.size() == 4)
            && shape.stream().allMatch(side -> side >= 1 && side <= Integer.MAX_VALUE);
    if (!isFit) {
      throw open.problem(
          "%s has the shape %s, expected [N, H, W, C], [N, C, H, W] or [N, H, W]"
              .formatted(images, shape));
    }
    int a = shape.get(1).intValue();
    int b = shape.get(2).intValue();
    if (shape.size() == 3) {
      return new Layout(new ImageShape(a, b, 1), true);
    }
    int c = shape.get(3).intValue();
    Layout last = new Layout(new ImageShape(a, b, c), true);
    Layout first = new Layout(new ImageShape(b, c, a), false);
    boolean isFirst = first.shape().equals(wanted) || c > MOST_CHANNELS && a <= MOST_CHANNELS;
    return isFirst && !last.shape().equals(wanted) ? first : last;
  }
}
