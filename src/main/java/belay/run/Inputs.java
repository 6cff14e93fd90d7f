package belay.run;

import belay.conf.settings.DataSettings;
import belay.conf.settings.Settings;
import belay.conf.settings.TrainSettings;
import belay.data.CifarLayout;
import belay.data.CifarReader;
import belay.data.Dataset;
import belay.data.HoldOut;
import belay.data.ImageFormat;
import belay.error.ConfigurationException;
import belay.net.Network;
import belay.net.Shape;

/**
 * What a stage starts from: the network and the images that fit it.
 *
 * @param dataset after train.limit and data.validation
 */
public record Inputs(Network network, Dataset dataset) {
  /**
   * The configured network.
   *
   * @throws ConfigurationException if it does not fit the configured images
   */
  public static Network network(Settings settings) {
    Network network = NetworkSource.load(settings.train().network());
    checkFit(network, settings.data());
    return network;
  }

  /** A network of a checkpoint, and the configured images, which must fit it. */
  public static Inputs of(Network network, Settings settings) {
    checkFit(network, settings.data());
    return new Inputs(network, read(settings));
  }

  static Dataset read(Settings settings) {
    DataSettings data = settings.data();
    Dataset whole = new CifarReader(data.requireDir(), layout(data)).read();
    Dataset limited =
        new Dataset(
            whole.train().limit(settings.train().limit()), whole.test(), whole.classNames());
    return HoldOut.of(limited, data.validation(), settings.train().seed());
  }

  /**
   * @throws ConfigurationException if test images would choose what they are to measure, or a
   *     network that reconstructs would learn what covers its images
   */
  void refuseWhatCannotBe(TrainSettings train) {
    if (train.views().cutout() > 0 && network.classes() == 0) {
      throw new ConfigurationException(
          "train.cutout wants a network with logits: this one would learn to draw grey squares");
    }
    boolean isChosen = train.patienceEpochs() > 0 || train.targetLoss() > 0;
    if (isChosen && network.classes() > 0 && dataset.validation().isEmpty()) {
      throw new ConfigurationException(
          "%s must not choose by test images, which could not measure what they chose: set data.validation to how many training images to hold out"
              .formatted(
                  train.patienceEpochs() > 0 ? "train.patience-epochs" : "train.target-loss"));
    }
  }

  public static CifarLayout layout(DataSettings data) {
    return new CifarLayout(
        data.trainFiles(),
        data.testFiles(),
        data.namesFile(),
        new ImageFormat(data.height(), data.width(), data.channels(), data.classes()));
  }

  private static void checkFit(Network network, DataSettings data) {
    Shape input = network.input();
    Shape images = new Shape(data.height(), data.width(), data.channels());
    if (!images.equals(input)) {
      throw new ConfigurationException(
          "The images are %s (data.height, data.width, data.channels), but the network's input is %s"
              .formatted(images, input));
    }
    int classes = network.classes();
    if (classes != 0 && classes != data.classes()) {
      throw new ConfigurationException(
          "The images have data.classes = %d, but the network %s scores %d: let its line before logits say 'linear %d'"
              .formatted(data.classes(), network.name(), classes, data.classes()));
    }
  }
}
