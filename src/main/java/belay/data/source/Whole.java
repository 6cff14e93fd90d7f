package belay.data.source;

import belay.data.ImageSet;
import belay.data.ImageShape;
import belay.error.DataException;
import java.nio.file.Path;

/** A data set without test images. */
final class Whole {
  private Whole() {}

  /** All of it. */
  static ImageSet set(Path place, ImageQuery query, ImageShape shape, Planes all) {
    int classes = Labels.classes(place, query.classes(), all.labels());
    return new ImageSet(shape.format(classes), all.pixels(), all.labels());
  }

  /** Holds a share of each class out. */
  static Images divided(Path place, ImageQuery query, ImageShape shape, Planes all) {
    boolean[] isTest = new TestSplit(query.testPercent()).choose(all.labels());
    int imageBytes = Math.toIntExact(shape.bytes());
    int classes = Labels.classes(place, query.classes(), all.labels());
    Planes train = all.part(isTest, false, imageBytes);
    Planes test = all.part(isTest, true, imageBytes);
    if (test.count() == 0) {
      throw new DataException(
          place + ": has no test images, and no class with two images to take one from");
    }
    return Images.stored(Labels.numbered(shape, classes, train, test));
  }
}
