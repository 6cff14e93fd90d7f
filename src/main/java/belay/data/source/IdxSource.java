package belay.data.source;

import belay.data.ImageSet;
import belay.data.ImageShape;
import belay.error.DataException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * IDX files under the names of MNIST and those that followed it: train-images-idx3-ubyte and
 * train-labels-idx1-ubyte, t10k-... for the test images, with .gz or without. Images are [N, H, W]
 * or [N, H, W, C].
 */
final class IdxSource implements ImageSource {
  private static final String NAME = "(.*-)?%s-%s[-.]idx\\d-ubyte(\\.gz)?";
  private static final String TRAIN = "train";
  private static final String TEST = "(t10k|test)";

  private final Path home;
  private final ImageQuery query;

  private IdxSource(Path home, ImageQuery query) {
    this.home = home;
    this.query = query;
  }

  static Optional<ImageSource> find(ImageQuery query) {
    return Folder.holder(query.place(), home -> file(home, TRAIN, "images").isPresent())
        .map(home -> new IdxSource(home, query));
  }

  @Override
  public String format() {
    return "IDX files";
  }

  @Override
  public Path place() {
    return home;
  }

  @Override
  public Optional<ImageShape> shape() {
    return Optional.of(shape(open(TRAIN, "images")));
  }

  @Override
  public long count() {
    long test = hasTest() ? open(TEST, "images").count() : 0;
    return open(TRAIN, "images").count() + test;
  }

  @Override
  public Images read(Reading how) {
    ImageShape shape = shape(open(TRAIN, "images"));
    Planes train = read(TRAIN, shape);
    if (hasTest()) {
      Planes test = read(TEST, shape);
      int classes = Labels.classes(home, query.classes(), train.labels(), test.labels());
      return Images.stored(Labels.numbered(shape, classes, train, test));
    }
    return Whole.divided(home, query, shape, train);
  }

  @Override
  public ImageSet readUnseen(Reading how) {
    ImageShape shape = shape(open(TRAIN, "images"));
    return hasTest() ? readTest(how) : Whole.set(home, query, shape, read(TRAIN, shape));
  }

  private boolean hasTest() {
    return file(home, TEST, "images").isPresent();
  }

  private Planes read(String set, ImageShape expected) {
    IdxFile images = open(set, "images");
    IdxFile labels = open(set, "labels");
    if (!shape(images).equals(expected)) {
      throw new DataException(
          "%s: has images of %s, the training images are %s"
              .formatted(images.path(), shape(images), expected));
    }
    if (labels.shape().size() != 1 || labels.count() != images.count()) {
      throw new DataException(
          "%s: has the shape %s, expected %d labels, one for each image of %s"
              .formatted(
                  labels.path(), labels.shape(), images.count(), images.path().getFileName()));
    }
    return new Planes(Planes.fromChannelsLast(images.values(), expected), labels.values());
  }

  private static ImageShape shape(IdxFile images) {
    List<Integer> shape = images.shape();
    if (shape.size() < 3) {
      throw new DataException(
          "%s: has the shape %s, expected images, heights and widths"
              .formatted(images.path(), shape));
    }
    return new ImageShape(shape.get(1), shape.get(2), shape.size() == 3 ? 1 : shape.get(3));
  }

  private IdxFile open(String set, String kind) {
    return IdxFile.open(
        file(home, set, kind)
            .orElseThrow(
                () ->
                    new DataException(
                        "%s: has IDX files, but no %s-%s-idx1-ubyte"
                            .formatted(home, set.equals(TRAIN) ? TRAIN : "t10k", kind))));
  }

  /** Of a file and the same in gzip the plain one. */
  private static Optional<Path> file(Path home, String set, String kind) {
    Pattern name = Pattern.compile(NAME.formatted(set, kind));
    List<Path> found =
        Folder.files(home).stream()
            .filter(file -> name.matcher(file.getFileName().toString()).matches())
            .toList();
    List<Path> others = found.stream().filter(file -> !isPackedOf(file, found)).toList();
    if (others.size() > 1) {
      throw new DataException(
          "%s: holds several sets, %s; put one of them into a directory of its own"
              .formatted(home, others.stream().map(Path::getFileName).toList()));
    }
    return others.stream().findFirst();
  }

  private static boolean isPackedOf(Path file, List<Path> found) {
    String name = file.getFileName().toString();
    return name.endsWith(".gz")
        && found.contains(file.resolveSibling(name.substring(0, name.length() - 3)));
  }
}
