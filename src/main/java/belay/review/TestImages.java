package belay.review;

import belay.conf.settings.DataSettings;
import belay.data.CifarLayout;
import belay.data.CifarReader;
import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.error.DataException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The test images of several runs, each set read once. */
final class TestImages {
  private final Map<Object, ImageSet> sets = new HashMap<>();

  private record Source(Path directory, CifarLayout layout) {}

  /**
   * @param digest that the run's checkpoints carry: of the training images, a hyphen, of the test
   *     images
   * @throws DataException if the images are not there, or are not those of the run
   * @throws belay.error.ConfigurationException if data.dir is empty
   */
  synchronized ImageSet of(DataSettings data, String digest) {
    CifarLayout layout =
        new CifarLayout(
            data.trainFiles(),
            data.testFiles(),
            data.namesFile(),
            new ImageFormat(data.height(), data.width(), data.channels(), data.classes()));
    Path directory = data.requireDir();
    ImageSet images =
        sets.computeIfAbsent(
            new Source(directory, layout), source -> new CifarReader(directory, layout).readTest());
    if (digest != null && !digest.endsWith("-" + images.digest())) {
      throw new DataException(
          "the test images in " + directory + " are not those that the run was trained with");
    }
    return images;
  }
}
