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
   * What is trained of a layer.
   *
   * @param count of values
   * @param hasKernel whether it weighs its inputs, so that it is more than a step between two such
   */
  public record Weights(int count, boolean hasKernel) {
    public static final Weights NONE = new Weights(0, false);
  }

  /**
   * One layer and what comes out of it.
   *
   * @param name as in the network's file
   * @param operation for people: "conv 3×3"
   * @param reads places in the network's layers, each before its own
   * @param isLatent whether its output is what extraction writes
   */
  public record Layer(
      String name,
      String operation,
      List<Integer> reads,
      int height,
      int width,
      int channels,
      Weights weights,
      boolean isLatent) {
    public Layer {
      reads = List.copyOf(reads);
    }

    public String shape() {
      return height + "×" + width + "×" + channels;
    }
  }

  /** The names of what a layer reads beside, or instead of, the layer before it. */
  public List<String> readsFromAfar(int layer) {
    return layers.get(layer).reads().stream()
        .filter(place -> place != layer - 1)
        .map(place -> layers.get(place).name())
        .toList();
  }
}
