package belay.view;

import java.util.List;

/**
 * A network in the diagram.
 *
 * @param digest of its layers; equal digests are equal networks
 * @param layers the input first
 * @param parameters in all
 * @param latentFeatures values that extraction writes for an image
 * @param text the network's file
 */
public record NetworkView(
    String name,
    String digest,
    List<Layer> layers,
    int parameters,
    int latentFeatures,
    String text) {

  public NetworkView {
    layers = List.copyOf(layers);
  }

  /**
   * One layer and what comes out of it.
   *
   * @param name as in the network's file
   * @param operation for people: "conv 3×3"
   * @param isLatent whether its output is what extraction writes
   */
  public record Layer(
      String name,
      String operation,
      int height,
      int width,
      int channels,
      int parameters,
      boolean isLatent) {
    public String shape() {
      return height + "×" + width + "×" + channels;
    }
  }
}
