package belay.conf.settings;

import belay.error.ConfigurationException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which images.
 *
 * @param dir where the images lie; see {@link #requireDir}
 * @param url archive that fetch downloads
 * @param md5 of the archive, hexadecimal; empty for no check
 * @param shape of the images
 * @param trainFiles in dir, read in this order
 * @param testFiles in dir, read in this order
 * @param namesFile in dir, a class name a line; empty if there is none
 * @param validation training images held out
 * @param hdf5 where an HDF5 file has them
 * @param testPercent of each class, held out where there are no test images
 * @param skipDamaged whether pictures that cannot be read are left out
 * @param cache of decoded pictures; empty for a directory beside them
 */
public record DataSettings(
    Optional<Path> dir,
    URI url,
    String md5,
    Shape shape,
    List<String> trainFiles,
    List<String> testFiles,
    String namesFile,
    int validation,
    Hdf5 hdf5,
    int testPercent,
    boolean skipDamaged,
    Optional<Path> cache) {
  /**
   * Of an image; empty where the network or the images say it.
   *
   * @param height rows of pixels
   * @param width columns of pixels
   * @param channels planes of an image
   * @param classes labels are 0 to classes - 1
   */
  public record Shape(
      OptionalInt height, OptionalInt width, OptionalInt channels, OptionalInt classes) {}

  /**
   * Paths of datasets in an HDF5 file; empty for the usual ones.
   *
   * @param images of training
   * @param labels of training
   */
  public record Hdf5(String images, String labels, String testImages, String testLabels) {}

  public DataSettings {
    trainFiles = List.copyOf(trainFiles);
    testFiles = List.copyOf(testFiles);
  }

  /**
   * The directory, for commands that cannot work without it.
   *
   * @throws ConfigurationException if data.dir is empty
   */
  public Path requireDir() {
    return dir.orElseThrow(
        () ->
            new ConfigurationException(
                "data.dir is not set; give the directory of the images with --set data.dir=DIR"
                    + " (belay fetch DIR downloads CIFAR-10 into it)"));
  }

  static DataSettings of(Values values) {
    return new DataSettings(
        values.get(Keys.DATA_DIR),
        values.get(Keys.DATA_URL),
        values.get(Keys.DATA_MD5),
        new Shape(
            values.get(Keys.DATA_HEIGHT),
            values.get(Keys.DATA_WIDTH),
            values.get(Keys.DATA_CHANNELS),
            values.get(Keys.DATA_CLASSES)),
        values.get(Keys.DATA_TRAIN_FILES),
        values.get(Keys.DATA_TEST_FILES),
        values.get(Keys.DATA_NAMES_FILE),
        values.get(Keys.DATA_VALIDATION),
        new Hdf5(
            values.get(Keys.DATA_IMAGES),
            values.get(Keys.DATA_LABELS),
            values.get(Keys.DATA_TEST_IMAGES),
            values.get(Keys.DATA_TEST_LABELS)),
        values.get(Keys.DATA_TEST_PERCENT),
        values.get(Keys.DATA_SKIP_DAMAGED),
        values.get(Keys.DATA_CACHE));
  }
}
