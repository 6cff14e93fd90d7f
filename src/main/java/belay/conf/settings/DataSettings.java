package belay.conf.settings;

import belay.error.ConfigurationException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which images.
 *
 * @param dir where the files below lie; see {@link #requireDir}
 * @param url archive that fetch downloads
 * @param md5 of the archive, hexadecimal; empty for no check
 * @param height rows of pixels
 * @param width columns of pixels
 * @param channels planes of an image
 * @param classes labels are 0 to classes - 1
 * @param trainFiles in dir, read in this order
 * @param testFiles in dir, read in this order
 * @param namesFile in dir, a class name a line; empty if there is none
 * @param validation training images held out
 */
public record DataSettings(
    Optional<Path> dir,
    URI url,
    String md5,
    int height,
    int width,
    int channels,
    int classes,
    List<String> trainFiles,
    List<String> testFiles,
    String namesFile,
    int validation) {

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
        values.get(Keys.DATA_HEIGHT),
        values.get(Keys.DATA_WIDTH),
        values.get(Keys.DATA_CHANNELS),
        values.get(Keys.DATA_CLASSES),
        values.get(Keys.DATA_TRAIN_FILES),
        values.get(Keys.DATA_TEST_FILES),
        values.get(Keys.DATA_NAMES_FILE),
        values.get(Keys.DATA_VALIDATION));
  }
}
