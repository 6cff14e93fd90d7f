package belay.backend.reference;

import belay.backend.EncodePlan;
import belay.backend.StopFlag;
import belay.data.ImageSet;
import belay.net.Network;

/** Encodes one image after another. */
final class ReferenceEncodePlan implements EncodePlan {
  private final Interpreter interpreter;
  private final ImageSet images;
  private final float[] weights;

  ReferenceEncodePlan(StopFlag stop, Network network, ImageSet images, float[] weights) {
    this.interpreter = new Interpreter(stop, network.program(), network.program().encoder());
    this.images = images;
    this.weights = weights;
  }

  @Override
  public void encode(int first, int count, float[] features) {
    for (int i = 0; i < count; i++) {
      images.normalized(new int[] {first + i}, 0, 1, interpreter.input());
      interpreter.forward(weights);
      float[] latent = interpreter.latent();
      System.arraycopy(latent, 0, features, i * latent.length, latent.length);
    }
  }

  @Override
  public void close() {}
}
