package belay.data.source;

import belay.data.ImageShape;
import belay.error.DataException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A directory of pictures for each class, scaled and cut to what the network takes. */
final class PictureSource implements ImageSource {
  private static final int SHOWN = 5;

  private final PictureTree tree;
  private final ImageQuery query;
  private final ImageShape wanted;

  private PictureSource(PictureTree tree, ImageQuery query, ImageShape wanted) {
    this.tree = tree;
    this.query = query;
    this.wanted = wanted;
  }

  /**
   * @param wanted what the network takes
   */
  static Optional<ImageSource> find(ImageQuery query, ImageShape wanted) {
    return PictureTree.find(query.place()).map(tree -> new PictureSource(tree, query, wanted));
  }

  @Override
  public String format() {
    return "a directory of pictures for each class";
  }

  @Override
  public Path place() {
    return tree.root();
  }

  @Override
  public Optional<ImageShape> shape() {
    return Optional.empty();
  }

  @Override
  public long count() {
    return list().count();
  }

  @Override
  public Images read(Reading how) {
    PictureList list = list();
    checkClasses(list.classNames().size());
    Images images = new PictureCache(query, tree.root(), wanted).get(list, how);
    refuseDamaged(images.damaged(), list.count());
    if (images.dataset().train().count() == 0 || images.dataset().test().count() == 0) {
      throw unreadable("no training or no test image is left", images.damaged());
    }
    return images;
  }

  private PictureList list() {
    return PictureList.of(tree, query.testPercent());
  }

  private void checkClasses(int found) {
    int expected = query.classes().orElse(found);
    if (found != expected) {
      throw new DataException(
          "%s: has %d directories of pictures, data.classes = %d expects as many; set it to auto"
              .formatted(tree.train(), found, expected));
    }
  }

  private void refuseDamaged(List<String> damaged, int count) {
    if (!damaged.isEmpty() && !query.skipDamaged()) {
      throw unreadable(
          "%d of %d pictures cannot be read, and data.skip-damaged = true would leave them out"
              .formatted(damaged.size(), count),
          damaged);
    }
  }

  private DataException unreadable(String what, List<String> damaged) {
    String some = String.join("; ", damaged.subList(0, Math.min(SHOWN, damaged.size())));
    return new DataException(
        "%s: %s: %s%s".formatted(tree.root(), what, some, damaged.size() > SHOWN ? "; ..." : ""));
  }
}
