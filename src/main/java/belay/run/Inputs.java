package belay.run;

import belay.conf.settings.DataSettings;
import belay.conf.settings.Settings;
import belay.conf.settings.TrainSettings;
import belay.data.CifarLayout;
import belay.data.Dataset;
import belay.data.HoldOut;
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
 * @param dataset after train.limit and data.validation
 */
public record Inputs(Network network, Dataset dataset) {
  /**
   * The configured network.
   *
   * @throws ConfigurationException if it does not fit the configured images
   */
  public static Network network(Settings settings) {
    int usual = ImageFormat.CIFAR10.classes();
    return network(settings, settings.data().shape().classes().orElse(usual));
  }

  /**
   * @param classes of the images, which $classes stands for
   */
  private static Network network(Settings settings, int classes) {
    Network network = NetworkSource.load(settings.train().network(), classes);
    checkFit(network.input(), settings.data());
    return network;
  }

  /** The configured network, for images that have been read. */
  static Inputs configured(Settings settings, Dataset dataset) {
    Inputs inputs = new Inputs(network(settings, dataset.classNames().size()), dataset);
    inputs.checkClasses();
    return inputs;
  }

  /** A network of a checkpoint, and the configured images, which must fit it. */
  public static Inputs of(Network network, Settings settings, Reading how) {
    Inputs inputs = new Inputs(network, read(settings, network.input(), how));
    inputs.checkClasses();
    return inputs;
  }

  private void checkClasses() {
    int images = dataset.classNames().size();
    if (network.classes() != 0 && network.classes() != images) {
      throw new ConfigurationException(
          "The images have %d classes, but the network %s scores %d: let its line before logits say 'linear $classes'"
              .formatted(images, network.name(), network.classes()));
    }
  }

  /**
   * The images for a network.
   *
   * @param input of the network
   */
  static Dataset read(Settings settings, Shape input, Reading how) {
    checkFit(input, settings.data());
    Dataset whole = source(settings, input).read(how).dataset();
    TrainSettings train = settings.train();
    return HoldOut.of(whole.limit(train.limit()), settings.data().validation(), train.seed());
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
