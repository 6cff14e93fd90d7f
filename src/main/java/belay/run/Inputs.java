package belay.run;

import belay.conf.settings.DataSettings;
import belay.conf.settings.Settings;
import belay.conf.settings.TrainSettings;
import belay.data.CifarLayout;
import belay.data.Dataset;
import belay.data.HoldOut;
import belay.data.ImageFormat;
import belay.data.ImageShape;
import belay.data.augment.Views;
import belay.data.source.ImageQuery;
import belay.data.source.ImageSource;
import belay.data.source.ImageSources;
import belay.data.source.Reading;
import belay.error.ConfigurationException;
import belay.error.DataException;
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
    inputs.checkClasses();
    return inputs;
  }

  /** A network of a checkpoint, and the configured images, which must fit it. */
  public static Inputs of(Network network, Settings settings, Reading how) {
    Dataset whole = read(settings, network.input(), how);
    Inputs inputs = new Inputs(network, part(settings).of(whole));
    inputs.checkClasses();
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
          "The network has learnt the classes %s, the images are of %s".formatted(names, theirs));
    }
  }

  private static boolean areNumbers(List<String> names) {
    return names.stream().allMatch(name -> name.matches("[0-9]+"));
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
    return source(settings, input).read(how).dataset();
  }

  /** What a training with these settings uses of all images. */
  static HoldOut.Part part(Settings settings) {
    TrainSettings train = settings.train();
    return new HoldOut.Part(train.limit(), settings.data().validation(), train.seed());
  }

  /**
   * What features are made of: where a training held images out, they stay apart whatever this
   * command says.
   *
   * @param trained configuration of the checkpoint
   * @throws ConfigurationException if another train.limit would mix them
   */
  static HoldOut.Part part(Settings settings, Map<String, String> trained) {
    HoldOut.Part now = part(settings);
    int count = (int) number(trained, "data.validation");
    if (count == 0) {
      return new HoldOut.Part(now.limit(), 0, now.seed());
    }
    if (number(trained, "train.limit") != now.limit()) {
      throw new ConfigurationException(
          "train.limit = %d cannot change from %s, of which data.validation = %d images were held out"
              .formatted(now.limit(), trained.get("train.limit"), count));
    }
    return new HoldOut.Part(now.limit(), count, number(trained, "train.seed"));
  }

  /** 0 where an earlier belay kept no such key. */
  private static long number(Map<String, String> keys, String key) {
    String text = keys.getOrDefault(key, "0");
    if (!text.matches("\\d{1,18}")) {
      throw new DataException(
          "/configuration@%s of the checkpoint is '%s', expected a whole number from 0"
              .formatted(key, text));
    }
    return Long.parseLong(text);
  }

  /**
   * What needs no images to be seen.
   *
   * @throws ConfigurationException if test images would choose what they are to measure, a network
   *     that reconstructs would learn what covers its images, or views are cut of too small ones
   */
  public static void refuseWhatCannotBe(Network network, Settings settings) {
    TrainSettings train = settings.train();
    if (train.views().cutout() > 0 && network.classes() == 0) {
      throw new ConfigurationException(
          "train.cutout wants a network with logits: this one would learn to draw grey squares");
    }
    boolean isChosen = train.patienceEpochs() > 0 || train.targetLoss() > 0;
    if (isChosen && network.classes() > 0 && settings.data().validation() == 0) {
      throw new ConfigurationException(
          "%s must not choose by test images, which could not measure what they chose: set data.validation to how many training images to hold out"
              .formatted(
                  train.patienceEpochs() > 0 ? "train.patience-epochs" : "train.target-loss"));
    }
    Shape input = network.input();
    Views.check(Translation.augmentation(train.views()), Math.min(input.height(), input.width()));
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
