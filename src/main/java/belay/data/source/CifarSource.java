package belay.data.source;

import belay.data.CifarLayout;
import belay.data.CifarReader;
import belay.data.ClassNames;
import belay.data.Dataset;
import belay.data.ImageSet;
import belay.data.ImageShape;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Files of records in the layout of CIFAR-10, which do not say how large an image is: they are read
 * as what the network takes, and must have whole records of it.
 */
final class CifarSource implements ImageSource {
  private static final Logger LOG = System.getLogger("belay.data");

  private final ImageQuery query;
  private final ImageShape shape;

  private CifarSource(ImageQuery query, ImageShape shape) {
    this.query = query;
    this.shape = shape;
  }

  /** Empty if none of the files is there. */
  static Optional<ImageSource> find(ImageQuery query, ImageShape shape) {
    CifarSource source = new CifarSource(query, shape);
    return source.reader(Labels.MOST).isThere() ? Optional.of(source) : Optional.empty();
  }

  @Override
  public String format() {
    return "records in the layout of CIFAR-10";
  }

  @Override
  public Path place() {
    return query.place();
  }

  @Override
  public Optional<ImageShape> shape() {
    return Optional.of(shape);
  }

  @Override
  public long count() {
    return reader(Labels.MOST).count();
  }

  @Override
  public Images read(Reading how) {
    if (query.classes().isPresent()) {
      return Images.stored(reader(query.classes().getAsInt()).read());
    }
    CifarReader any = reader(Labels.MOST);
    Optional<List<String>> names = any.classNames();
    if (names.isPresent()) {
      return Images.stored(reader(names.get().size()).read());
    }
    if (!query.namesFile().isEmpty()) {
      LOG.log(Level.WARNING, "class-names=numbers missing=" + query.namesFile());
    }
    ImageSet train = any.readTrain();
    ImageSet test = any.readTest();
    int classes = Labels.classes(query.place(), query.classes(), train.labels(), test.labels());
    Dataset dataset =
        Labels.dataset(shape, ClassNames.numbers(classes), planes(train), planes(test));
    return Images.stored(dataset);
  }

  @Override
  public ImageSet readTest(Reading how) {
    return reader(query.classes().orElse(Labels.MOST)).readTest();
  }

  private static Planes planes(ImageSet set) {
    return new Planes(set.pixels(), set.labels());
  }

  private CifarReader reader(int classes) {
    return new CifarReader(
        query.place(),
        new CifarLayout(
            query.trainFiles(), query.testFiles(), query.namesFile(), shape.format(classes)));
  }
}
