package belay.review;

import belay.net.Layer;
import belay.net.Network;
import belay.net.Shape;
import belay.view.NetworkView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A network as the page draws it. */
final class NetworkReader {
  private NetworkReader() {}

  static NetworkView view(Network network) {
    List<NetworkView.Layer> layers = new ArrayList<>();
    layers.add(layer("input", "input", network.input(), 0, false));
    Map<String, Integer> parameters = network.parametersByLayer();
    int value = 0;
    for (Layer layer : network.layers()) {
      if (layer instanceof Layer.Latent) { // a mark, which defines no value
        layers.set(layers.size() - 1, latent(layers.get(layers.size() - 1)));
      } else {
        Shape shape = network.program().shape(++value);
        layers.add(
            layer(
                layer.name(),
                operation(layer),
                shape,
                parameters.getOrDefault(layer.name(), 0),
                false));
      }
    }
    return new NetworkView(
        network.name(),
        network.digest(),
        layers,
        network.parameterCount(),
        network.latent().size(),
        network.text());
  }

  private static String operation(Layer layer) {
    if (layer instanceof Layer.Conv conv) {
      return "conv " + conv.kernel() + "×" + conv.kernel();
    }
    if (layer instanceof Layer.MaxPool pool) {
      return "max-pool " + pool.size();
    }
    if (layer instanceof Layer.Upsample upsample) {
      return "upsample " + upsample.factor();
    }
    return layer instanceof Layer.Relu ? "ReLU" : layer.name();
  }

  private static NetworkView.Layer layer(
      String name, String operation, Shape shape, int parameters, boolean isLatent) {
    return new NetworkView.Layer(
        name, operation, shape.height(), shape.width(), shape.channels(), parameters, isLatent);
  }

  private static NetworkView.Layer latent(NetworkView.Layer l) {
    return new NetworkView.Layer(
        l.name(), l.operation(), l.height(), l.width(), l.channels(), l.parameters(), true);
  }
}
