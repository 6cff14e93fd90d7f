package belay.data;

import java.util.List;
import java.util.Optional;

/**
 * Images to learn from and images to judge by.
 *
 * @param validation training images held out, which choose among epochs and settings; empty where
 *     there are none
 * @param test images that tell the quality of what was chosen
 * @param classNames a name for each label
 */
public record Dataset(
    ImageSet train, Optional<ImageSet> validation, ImageSet test, List<String> classNames) {
  public Dataset {
    classNames = List.copyOf(classNames);
  }

  /** Without images held out. */
  public Dataset(ImageSet train, ImageSet test, List<String> classNames) {
    this(train, Optional.empty(), test, classNames);
  }

  /** With the first training images alone; all where limit is 0. */
  public Dataset limit(int limit) {
    return new Dataset(train.limit(limit), validation, test, classNames);
  }

  /** The images that epochs are judged by. */
  public ImageSet judging() {
    return validation.orElse(test);
  }

  /** Identifies the content: equal data sets have equal digests wherever they lie. */
  public String digest() {
    String heldOut = validation.map(images -> images.digest() + "-").orElse("");
    return train.digest() + "-" + heldOut + test.digest();
  }
}
