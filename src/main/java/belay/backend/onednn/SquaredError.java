package belay.backend.onednn;

import belay.backend.onednn.stage.Stage;
import belay.net.Shape;

/** The mean over values of (y - x)^2, with outputs y in the order in which a graph leaves them. */
final class SquaredError implements Loss {
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

  /** Outputs [H / 2, W / 2, row phase, column phase, C], as {@link Stage#leavesPhases} has them. */
  static SquaredError phases(Shape image) {
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
  public double sum(float[] images, float[] outputs, int count) {
    double sum = 0;
    for (int n = 0; n < count; n++) {
      double squares = 0;
      int base = n * place.length;
      for (int i = 0; i < place.length; i++) {
        double difference = (double) outputs[base + i] - images[base + place[i]];
        squares += difference * difference;
      }
      sum += squares / place.length;
    }
    return sum;
  }

  /** 2 (y - x) / (values batch). */
  @Override
  public void gradient(float[] images, float[] outputs, int count, int batch, float[] gradient) {
    float scale = 2f / ((float) place.length * batch);
    for (int n = 0; n < count; n++) {
      int base = n * place.length;
      for (int i = 0; i < place.length; i++) {
        gradient[base + i] = scale * (outputs[base + i] - images[base + place[i]]);
      }
    }
  }
}
