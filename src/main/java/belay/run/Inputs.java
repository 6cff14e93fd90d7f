package belay.run;

import belay.conf.settings.DataSettings;
import belay.conf.settings.Settings;
import belay.data.CifarLayout;
import belay.data.Dataset;
import belay.data.ImageFormat;
import belay.data.ImageShape;
import belay.data.source.ImageQuery;
import belay.data.source.ImageSource;
import belay.data.source.ImageSources;
import belay.data.source.Reading;
import belay.error.ConfigurationException;
import belay.net.Network;
import belay.net.Shape;

/**
 * What a stage starts from: the network and the images that fit it.
 *
 * @param dataset after train.limit
 */
public record Inputs(Network network, Dataset dataset) {
  /**
   * The configured network.
   *
   * @throws ConfigurationException if it does not fit the configured images
   */
  public static Network network(Settings settings) {
    Network network = NetworkSource.load(settings.train().network());
    checkFit(network.input(), settings.data());
    return network;
  }

  /**
   * The images for a network.
   *
   * @param input of the network
   */
  static Dataset read(Settings settings, Shape input, Reading how) {
    checkFit(input, settings.data());
    Dataset whole = source(settings, input).read(how).dataset();
    return new Dataset(
        whole.train().limit(settings.train().limit()), whole.test(), whole.classNames());
  }

  /**
   * Where the images of a network are.
   *
   * @throws belay.error.DataException if there are none
   * @throws ConfigurationException if they do not fit the network
   */
  public static ImageSource source(Settings settings, Shape input) {
    return ImageSources.fitting(ImageQuery.of(settings.data()), imageShape(input));
  }

  /** What images must be for a network. */
  public static ImageShape imageShape(Shape input) {
    return new ImageShape(input.height(), input.width(), input.channels());
  }

  /** The files that fetch expects in an archive; what no key says is as in CIFAR-10. */
  public static CifarLayout layout(DataSettings data) {
    ImageFormat usual = ImageFormat.CIFAR10;
    return new CifarLayout(
        data.trainFiles(),
        data.testFiles(),
        data.namesFile(),
        new ImageFormat(
            data.shape().height().orElse(usual.height()),
            data.shape().width().orElse(usual.width()),
            data.shape().channels().orElse(usual.channels()),
            data.shape().classes().orElse(usual.classes())));
  }

  private static void checkFit(Shape input, DataSettings data) {
    Shape images =
        new Shape(
            data.shape().height().orElse(input.height()),
            data.shape().width().orElse(input.width()),
            data.shape().channels().orElse(input.channels()));
    if (!images.equals(input)) {
      throw new ConfigurationException(
          "The images are %s (data.height, data.width, data.channels), but the network's input is %s; set them to auto, or train.network to another one"
              .formatted(images, input));
    }
  }
}
