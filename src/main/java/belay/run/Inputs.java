package belay.run;

import belay.conf.settings.DataSettings;
import belay.conf.settings.Settings;
import belay.data.CifarLayout;
import belay.data.CifarReader;
import belay.data.Dataset;
import belay.data.ImageFormat;
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

  static Dataset read(Settings settings) {
    DataSettings data = settings.data();
    Dataset whole = new CifarReader(data.requireDir(), layout(data)).read();
    return new Dataset(
        whole.train().limit(settings.train().limit()), whole.test(), whole.classNames());
  }

  public static CifarLayout layout(DataSettings data) {
    return new CifarLayout(
        data.trainFiles(),
        data.testFiles(),
        data.namesFile(),
        new ImageFormat(data.height(), data.width(), data.channels(), data.classes()));
  }

  private static void checkFit(Shape input, DataSettings data) {
    Shape images = new Shape(data.height(), data.width(), data.channels());
    if (!images.equals(input)) {
      throw new ConfigurationException(
          "The images are %s (data.height, data.width, data.channels), but the network's input is %s"
              .formatted(images, input));
    }
  }
}
