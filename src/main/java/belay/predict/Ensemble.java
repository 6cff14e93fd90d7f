package belay.predict;

import belay.backend.Backend;
import belay.backend.EncodePlan;
import belay.checkpoint.Checkpoint;
import belay.data.ImageSet;
import belay.data.augment.TestViews;
import belay.error.ConfigurationException;
import belay.error.StoppedException;
import belay.job.StopSignals;
import belay.net.Mark;
import belay.net.Network;
import java.util.List;

/**
 * Networks that classify together: the mean of their softmax over networks and views, in double and
 * in their order, so that equal networks give equal bits.
 */
public final class Ensemble {
  private final Backend backend;
  private final List<Checkpoint> networks;
  private final int batch;

  /**
   * @param batch images that a network takes at once
   * @throws ConfigurationException if there is none, one does not classify, or two do not take the
   *     same images and classes
   */
  public Ensemble(Backend backend, List<Checkpoint> networks, int batch) {
    this.backend = backend;
    this.networks = List.copyOf(networks);
    this.batch = batch;
    networks.forEach(network -> check(network, networks.get(0)));
  }

  /**
   * @throws ConfigurationException if a network knows no classes
   */
  public static void refuseDecoder(Checkpoint one) {
    if (one.network().classes() == 0) {
      throw new ConfigurationException(
          "The network %s reconstructs images and knows no classes: belay classify trains an SVM on its features"
              .formatted(one.network().name()));
    }
  }

  private static void check(Checkpoint one, Checkpoint first) {
    refuseDecoder(one);
    Network network = one.network();
    boolean isSame =
        network.input().equals(first.network().input())
            && one.classNames().equals(first.classNames());
    if (!isSame) {
      throw new ConfigurationException(
          "The networks %s and %s take other images or other classes: they cannot vote together"
              .formatted(first.network().name(), network.name()));
    }
  }

  /**
   * How sure the networks are that an image is of a class.
   *
   * @param values [images, classes], each row with the sum 1
   */
  public record Shares(int classes, double[] values) {
    public int images() {
      return values.length / classes;
    }

    public double of(int image, int label) {
      return values[image * classes + label];
    }

    /** The class of each image with the largest share, the first of equals. */
    public int[] labels() {
      int[] labels = new int[images()];
      for (int image = 0; image < labels.length; image++) {
        for (int k = 1; k < classes; k++) {
          labels[image] = of(image, k) > of(image, labels[image]) ? k : labels[image];
        }
      }
      return labels;
    }

    /** The mean over images of -log of the share of their own class, in nats. */
    public double loss(int[] actual) {
      double sum = 0;
      for (int image = 0; image < actual.length; image++) {
        sum -= StrictMath.log(of(image, actual[image]));
      }
      return sum / actual.length;
    }
  }

  /**
   * @param views in which each network sees each image
   * @throws StoppedException if asked to stop meanwhile
   */
  public Shares of(ImageSet images, TestViews views) {
    int classes = networks.get(0).network().classes();
    double[] shares = new double[images.count() * classes];
    views.each(
        images,
        (seen, weight) ->
            networks.forEach(network -> add(network, seen, weight / networks.size(), shares)));
    return new Shares(classes, shares);
  }

  private void add(Checkpoint network, ImageSet images, double weight, double[] shares) {
    int classes = network.network().classes();
    double scale = network.network().program().logitScale();
    int most = Math.max(1, Math.min(batch, images.count()));
    float[] logits = new float[most * classes];
    try (EncodePlan plan =
        backend.compileEncoding(
            network.network(), Mark.LOGITS, most, images, network.state().inferenceWeights())) {
      for (int first = 0; first < images.count(); first += most) {
        if (StopSignals.requested()) {
          throw new StoppedException("Stopped; nothing was written");
        }
        int count = Math.min(most, images.count() - first);
        plan.encode(first, count, logits);
        for (int i = 0; i < count; i++) {
          addSoftmax(logits, i * classes, scale, weight, shares, (first + i) * classes, classes);
        }
      }
    }
  }

  private static void addSoftmax(
      float[] logits, int from, double scale, double weight, double[] shares, int to, int classes) {
    double top = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < classes; k++) {
      top = Math.max(top, logits[from + k]);
    }
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      sum += StrictMath.exp(scale * (logits[from + k] - top));
    }
    for (int k = 0; k < classes; k++) {
      shares[to + k] += weight * (StrictMath.exp(scale * (logits[from + k] - top)) / sum);
    }
  }
}
