package belay.backend.loss;

import belay.net.Shape;
import belay.net.Tally;

/** The mean over values of (y - x)^2, with outputs y in the order in which a graph leaves them. */
public final class SquaredError implements Loss {
  private final int[] place; // of each output value in the image [H, W, C]

  private SquaredError(int[] place) {
    this.place = place;
  }

  /** Outputs in the order of the image. */
  static SquaredError plain(Shape image) {
    int[] place = new int[image.size()];
    for (int i = 0; i < place.length; i++) {
      place[i] = i;
    }
    return new SquaredError(place);
  }

  /**
   * Outputs [H / 2, W / 2, row phase, column phase, C], as a convolution of an image twice as large
   * leaves them that computes on the small one.
   */
  public static SquaredError phases(Shape image) {
    int[] place = new int[image.size()];
    int channels = image.channels();
    int small = image.width() / 2;
    for (int i = 0; i < place.length; i++) {
      int phase = i / channels % 4;
      int pixel = i / channels / 4;
      int h = 2 * (pixel / small) + phase / 2;
      int w = 2 * (pixel % small) + phase % 2;
      place[i] = (h * image.width() + w) * channels + i % channels;
    }
    return new SquaredError(place);
  }

  @Override
  public Tally tally(Targets targets, float[] outputs) {
    double sum = 0;
    for (int n = 0; n < targets.count(); n++) {
      double squares = 0;
      int base = n * place.length;
      for (int i = 0; i < place.length; i++) {
        double difference = (double) outputs[base + i] - targets.images()[base + place[i]];
        squares += difference * difference;
      }
      sum += squares / place.length;
    }
    return new Tally(sum, targets.count());
  }

  /** 2 (y - x) / (values of the minibatch). */
  @Override
  public void gradient(Targets targets, float[] outputs, int minibatch, float[] gradient) {
    float scale = 2f / ((float) place.length * minibatch);
    for (int n = 0; n < targets.count(); n++) {
      int base = n * place.length;
      for (int i = 0; i < place.length; i++) {
        gradient[base + i] = scale * (outputs[base + i] - targets.images()[base + place[i]]);
      }
    }
  }
}
