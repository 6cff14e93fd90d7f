package belay.data.source;

import belay.data.ImageSet;
import belay.data.ImageShape;
import java.nio.file.Path;
import java.util.Optional;

/** Images of one format at one place; nothing but names, lengths and headers is read yet. */
public interface ImageSource {
  /** For people: "IDX files". */
  String format();

  /** The directory or file. */
  Path place();

  /** What every image has; empty where they become what the network takes. */
  Optional<ImageShape> shape();

  /** Training and test images together. */
  long count();

  /**
   * Reads everything.
   *
   * @throws belay.error.DataException naming file, place and expectation, if a file is missing or
   *     damaged
   * @throws belay.error.StoppedException if it was asked to
   */
  Images read(Reading how);

  /** The test images alone, where that is less work. */
  default ImageSet readTest(Reading how) {
    return read(how).dataset().test();
  }

  /** For a prediction: the test images, or all where none were set apart by whoever made them. */
  default ImageSet readUnseen(Reading how) {
    return readTest(how);
  }
}
