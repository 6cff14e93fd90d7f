package belay.review;

import belay.net.Network;
import belay.net.Operation;
import belay.net.Role;
import belay.net.Shape;
import belay.view.NetworkView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A network as the page draws it. */
final class NetworkReader {
  private final Network network;
  private final List<NetworkView.Layer> layers = new ArrayList<>();
  private final Map<Integer, Integer> places = new HashMap<>(); // of values, in layers

  private NetworkReader(Network network) {
    this.network = network;
  }

  static NetworkView view(Network network) {
    return new NetworkView(
        network.name(),
        network.digest(),
        new NetworkReader(network).layers(),
        network.parameterCount(),
        network.latent().size(),
        network.text());
  }

  private List<NetworkView.Layer> layers() {
    add(0, "input", "input", NetworkView.Weights.NONE, List.of());
    OperationNames names = new OperationNames();
    for (Operation operation : network.program().operations()) {
      List<Integer> reads = operation.inputs().stream().map(places::get).toList();
      add(operation.output(), operation.name(), operation.accept(names), weights(operation), reads);
    }
    return layers;
  }

  private void add(
      int value, String name, String operation, NetworkView.Weights weights, List<Integer> reads) {
    Shape shape = network.program().shape(value);
    boolean isLatent = value == network.program().latent();
    places.put(value, layers.size());
    layers.add(
        new NetworkView.Layer(
            name,
            operation,
            reads,
            shape.height(),
            shape.width(),
            shape.channels(),
            weights,
            isLatent));
  }

  private static NetworkView.Weights weights(Operation operation) {
    boolean hasKernel = operation.parameters().stream().anyMatch(p -> p.role() == Role.KERNEL);
    int count = operation.parameters().stream().mapToInt(p -> p.size()).sum();
    return new NetworkView.Weights(count, hasKernel);
  }
}
