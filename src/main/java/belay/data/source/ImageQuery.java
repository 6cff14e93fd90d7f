package belay.data.source;

import belay.conf.settings.DataSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a user says of the images.
 *
 * @param place a directory, or an HDF5 file
 * @param classes labels are 0 to classes - 1; empty for what the data says
 * @param trainFiles names of files of records in the layout of CIFAR-10
 * @param testFiles the same of test images
 * @param namesFile class names of such files; empty for none
 * @param hdf5 where an HDF5 file has images and labels
 * @param testPercent share of each class that is held out where there is no test set
 * @param skipDamaged whether pictures that cannot be read are left out
 * @param cache directory for decoded pictures; empty for one beside them
 */
public record ImageQuery(
    Path place,
    OptionalInt classes,
    List<String> trainFiles,
    List<String> testFiles,
    String namesFile,
    Hdf5Names hdf5,
    int testPercent,
    boolean skipDamaged,
    Optional<Path> cache) {
  public ImageQuery {
    trainFiles = List.copyOf(trainFiles);
    testFiles = List.copyOf(testFiles);
  }

  /**
   * @throws belay.error.ConfigurationException if data.dir is empty
   */
  public static ImageQuery of(DataSettings data) {
    return of(data, data.requireDir());
  }

  /** The same with images at another place. */
  public static ImageQuery of(DataSettings data, Path place) {
    return new ImageQuery(
        place,
        data.shape().classes(),
        data.trainFiles(),
        data.testFiles(),
        data.namesFile(),
        new Hdf5Names(
            data.hdf5().images(),
            data.hdf5().labels(),
            data.hdf5().testImages(),
            data.hdf5().testLabels()),
        data.testPercent(),
        data.skipDamaged(),
        data.cache());
  }

  /** The same with or without damaged pictures. */
  public ImageQuery skipDamaged(boolean skip) {
    return new ImageQuery(
        place, classes, trainFiles, testFiles, namesFile, hdf5, testPercent, skip, cache);
  }
}
