package belay.data;

import java.util.List;

/**
 * Images to learn from and images to judge by.
 *
 * @param classNames a name for each label
 */
public record Dataset(ImageSet train, ImageSet test, List<String> classNames) {
  public Dataset {
    classNames = List.copyOf(classNames);
  }

  /** Identifies the content: equal data sets have equal digests wherever they lie. */
  public String digest() {
    return train.digest() + "-" + test.digest();
  }
}
