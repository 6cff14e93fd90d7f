package belay.run;

import belay.conf.settings.AugmentationSettings;
import belay.conf.settings.DataSettings;
import belay.conf.settings.Settings;
import belay.conf.settings.TrainSettings;
import belay.data.CifarLayout;
import belay.data.Dataset;
import belay.data.ImageFormat;
import belay.data.ImageShape;
import belay.data.Split;
import belay.data.augment.AugmentedImages;
import belay.data.source.ImageQuery;
import belay.data.source.ImageSource;
import belay.data.source.ImageSources;
import belay.data.source.Reading;
import belay.error.ConfigurationException;
import belay.net.Network;
import belay.net.Shape;
import java.util.List;
import java.util.Map;

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
    inputs.checkClasses("let its line before logits say 'linear $classes'");
    return inputs;
  }

  /** A network of a checkpoint, and the configured images, which must fit it. */
  public static Inputs of(Network network, Settings settings, Reading how) {
    Dataset whole = read(settings, network.input(), how);
    Inputs inputs = new Inputs(network, split(settings).of(whole));
    inputs.checkClasses(
        "set data.dir to images of its classes, or data.classes where these only lack some");
    return inputs;
  }

  /**
   * @param names of the classes that a network has learnt
   * @throws ConfigurationException if the images have others; numbers are no names
   */
  public void refuseOtherClasses(List<String> names) {
    List<String> theirs = dataset.classNames();
    if (!theirs.equals(names) && !areNumbers(names) && !areNumbers(theirs)) {
      throw new ConfigurationException(
          "The network has learnt the classes %s, the images are of %s: set data.dir to images of its classes"
              .formatted(names, theirs));
    }
  }

  private static boolean areNumbers(List<String> names) {
    return names.stream().allMatch(name -> name.matches("[0-9]+"));
  }

  private void checkClasses(String remedy) {
    int images = dataset.classNames().size();
    if (network.classes() != 0 && network.classes() != images) {
      throw new ConfigurationException(
          "The images have %d classes, but the network %s scores %d: %s"
              .formatted(images, network.name(), network.classes(), remedy));
    }
  }

  /**
   * The images for a network.
   *
   * @param input of the network
   */
  static Dataset read(Settings settings, Shape input, Reading how) {
    checkFit(input, settings.data());
    return source(settings, input).read(how).dataset();
  }

  /** What a training with these settings uses of all images. */
  static Split split(Settings settings) {
    TrainSettings train = settings.train();
    return new Split(train.limit(), settings.data().validation(), train.seed());
  }

  /**
   * What features are made of: where a training held images out, they stay apart whatever this
   * command says.
   *
   * @param trained configuration of the checkpoint
   * @throws ConfigurationException if another train.limit would mix them
   */
  static Split split(Settings settings, Map<String, String> trained) {
    Split then = Split.of(trained);
    int limit = settings.train().limit();
    if (then.validation() == 0) {
      return new Split(limit, 0, then.seed());
    }
    if (then.limit() != limit) {
      throw new ConfigurationException(
          "train.limit = %d cannot change from %d, of which data.validation = %d images were held out; leave it as it was"
              .formatted(limit, then.limit(), then.validation()));
    }
    return then;
  }

  /**
   * What needs no images to be seen.
   *
   * @throws ConfigurationException if test images would choose what they are to measure, a network
   *     that reconstructs would learn what covers its images, or views are cut of too small ones
   */
  public static void refuseWhatCannotBe(Network network, Settings settings) {
    TrainSettings train = settings.train();
    refuseForItsObjective(network, train.augmentation());
    refuseTwoAverages(train);
    boolean isChosen = train.patienceEpochs() > 0 || train.targetLoss() > 0;
    if (isChosen && network.classes() > 0 && settings.data().validation() == 0) {
      throw new ConfigurationException(
          "%s must not choose by test images, which could not measure what they chose: set data.validation to how many training images to hold out"
              .formatted(
                  train.patienceEpochs() > 0 ? "train.patience-epochs" : "train.target-loss"));
    }
    new GroupCheck(network, train).refuse();
    Shape input = network.input();
    AugmentedImages.check(
        Translation.augmentation(train.augmentation()),
        input.height(),
        input.width(),
        input.channels());
  }

  private static void refuseForItsObjective(Network network, AugmentationSettings views) {
    if (network.classes() == 0 && views.cutout() > 0) {
      throw new ConfigurationException(
          "train.cutout wants a network with logits: this one would learn to draw grey squares");
    }
    if (network.classes() == 0 && views.mixing().mixup() + views.mixing().cutmix() > 0) {
      throw new ConfigurationException(
          "train.mixup and train.cutmix want a network with logits: this one would learn to draw two images at once");
    }
    if (network.classes() > 0 && views.noise().noise() + views.noise().mask() > 0) {
      throw new ConfigurationException(
          "train.noise and train.mask want a network that reconstructs what is behind them: one with logits has train.cutout");
    }
  }

  private static void refuseTwoAverages(TrainSettings train) {
    if (train.update().swaEpochs() == 0) {
      return;
    }
    if (train.update().average() > 0) {
      throw new ConfigurationException(
          "train.average = %s and train.swa-epochs = %d are two averages of the weights: set one of them to 0"
              .formatted(train.update().average(), train.update().swaEpochs()));
    }
    if (train.patienceEpochs() > 0 || train.stopAtTarget()) {
      throw new ConfigurationException(
          "train.swa-epochs = %d averages the last epochs, which nobody knows where %s may end the training: leave that out"
              .formatted(
                  train.update().swaEpochs(),
                  train.patienceEpochs() > 0 ? "train.patience-epochs" : "train.stop-at-target"));
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
