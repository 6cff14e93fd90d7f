package belay.data.source;

import belay.error.ConfigurationException;
import belay.hdf.ForeignFile;
import java.util.List;
import java.util.Optional;

/**
 * Paths of datasets in an HDF5 file; empty where the usual ones will do.
 *
 * @param images of training
 * @param labels of training
 * @param testImages empty if there are none
 * @param testLabels empty if there are none
 */
public record Hdf5Names(String images, String labels, String testImages, String testLabels) {
  /** Nothing said. */
  public static final Hdf5Names USUAL = new Hdf5Names("", "", "", "");

  private static final List<Hdf5Names> KNOWN =
      List.of(
          new Hdf5Names("/train/images", "/train/labels", "/test/images", "/test/labels"),
          new Hdf5Names("/x_train", "/y_train", "/x_test", "/y_test"),
          new Hdf5Names("/X_train", "/y_train", "/X_test", "/y_test"),
          new Hdf5Names("/train_images", "/train_labels", "/test_images", "/test_labels"),
          new Hdf5Names("/train_x", "/train_y", "/test_x", "/test_y"),
          new Hdf5Names("/images", "/labels", "", ""),
          new Hdf5Names("/x", "/y", "", ""));

  /** To stand after "expected". */
  static final String EXPECTED =
      "/train/images, /train/labels, /test/images and /test/labels, or /x_train, /y_train, /x_test"
          + " and /y_test, or /images and /labels; name others with data.images, data.labels,"
          + " data.test-images and data.test-labels";

  /**
   * These names, and for what is empty usual ones that the file has. Where somebody names the
   * labels, usual test labels may be others: images are held out instead.
   */
  Optional<Hdf5Names> in(ForeignFile file) {
    if (testImages.isEmpty() != testLabels.isEmpty()) {
      throw new ConfigurationException(
          "data.test-images and data.test-labels go together: set both, or neither");
    }
    return training(file).map(names -> labels.isEmpty() ? names.withTest(file) : names);
  }

  private Optional<Hdf5Names> training(ForeignFile file) {
    if (!images.isEmpty() && !labels.isEmpty()) {
      return Optional.of(this);
    }
    return KNOWN.stream()
        .filter(known -> file.has(or(images, known.images)) && file.has(or(labels, known.labels)))
        .findFirst()
        .map(
            known ->
                new Hdf5Names(
                    or(images, known.images), or(labels, known.labels), testImages, testLabels));
  }

  private Hdf5Names withTest(ForeignFile file) {
    return hasTest()
        ? this
        : KNOWN.stream()
            .filter(known -> known.hasTest())
            .filter(known -> file.has(known.testImages) && file.has(known.testLabels))
            .findFirst()
            .map(known -> new Hdf5Names(images, labels, known.testImages, known.testLabels))
            .orElse(this);
  }

  boolean hasTest() {
    return !testImages.isEmpty() && !testLabels.isEmpty();
  }

  private static String or(String said, String usual) {
    return said.isEmpty() ? usual : said;
  }
}
