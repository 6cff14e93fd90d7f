package belay.review;

import belay.backend.Backend;
import belay.backend.EncodePlan;
import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.error.DataException;
import belay.net.Mark;
import belay.net.Network;
import belay.net.Shape;

/** Sends images through a whole network. */
public final class Decoder {
  private Decoder() {}

  /**
   * @param weights the parameter vector
   * @return what comes back, row-major [images, H, W, C]
   * @throws DataException if the images are not of the shape that the network takes
   */
  public static float[] reconstruct(
      Backend backend, Network network, float[] weights, ImageSet images) {
    ImageFormat format = images.format();
    Shape shape = new Shape(format.height(), format.width(), format.channels());
    if (!shape.equals(network.input())) {
      throw new DataException(
          "The images are %s, the network %s takes %s"
              .formatted(shape, network.name(), network.input()));
    }
    float[] output = new float[images.count() * shape.size()];
    try (EncodePlan plan =
        backend.compileEncoding(network, Mark.OUTPUT, images.count(), images, weights)) {
      plan.encode(0, images.count(), output);
    }
    return output;
  }
}
