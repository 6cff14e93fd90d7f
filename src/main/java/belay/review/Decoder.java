package belay.review;

import belay.backend.Backend;
import belay.backend.EncodePlan;
import belay.data.ImageSet;
import belay.net.Network;
import belay.net.Program;

/** Sends images through a whole network. */
public final class Decoder {
  private Decoder() {}

  /**
   * @param weights the parameter vector
   * @return what comes back, row-major [images, H, W, C]
   */
  public static float[] reconstruct(
      Backend backend, Network network, float[] weights, ImageSet images) {
    Network whole = encoderToTheEnd(network);
    float[] output = new float[images.count() * whole.latent().size()];
    try (EncodePlan plan = backend.compileEncoding(whole, images.count(), images, weights)) {
      plan.encode(0, images.count(), output);
    }
    return output;
  }

  /** A backend encodes up to the latent mark: put at the end, it computes the reconstruction. */
  private static Network encoderToTheEnd(Network network) {
    Program program = network.program();
    return new Network(
        network.name(),
        network.text(),
        network.layers(),
        new Program(
            program.shapes(), program.operations(), program.parameters(), program.output()));
  }
}
