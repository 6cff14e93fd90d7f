package belay.review;

import belay.conf.settings.DataSettings;
import belay.data.ImageSet;
import belay.data.ImageShape;
import belay.data.source.ImageQuery;
import belay.data.source.ImageSources;
import belay.data.source.Reading;
import belay.error.DataException;
import belay.net.Shape;
import java.util.HashMap;
import java.util.Map;

/** The test images of several runs, each set read once. */
final class TestImages {
  private final Map<Source, ImageSet> sets = new HashMap<>();

  private record Source(ImageQuery query, ImageShape shape) {
    ImageSet read() {
      return ImageSources.fitting(query, shape).readTest(Reading.whole());
    }
  }

  /**
   * @param input of the run's network
   * @param digest that the run's checkpoints carry: of the training images, a hyphen, of the test
   *     images
   * @throws DataException if the images are not there, or are not those of the run
   * @throws belay.error.ConfigurationException if data.dir is empty
   */
  synchronized ImageSet of(DataSettings data, Shape input, String digest) {
    ImageShape shape = new ImageShape(input.height(), input.width(), input.channels());
    ImageQuery query = ImageQuery.of(data);
    ImageSet images = sets.computeIfAbsent(new Source(query, shape), Source::read);
    if (digest != null && !digest.endsWith("-" + images.digest())) {
      throw new DataException(
          "the test images in " + query.place() + " are not those that the run was trained with");
    }
    return images;
  }
}
