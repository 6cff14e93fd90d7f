package belay.review;

import belay.net.Network;
import belay.net.Operation;
import belay.net.Shape;
import belay.view.NetworkView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A network as the page draws it. */
final class NetworkReader implements Operation.Cases<String> {
  private NetworkReader() {}

  static NetworkView view(Network network) {
    return new NetworkView(
        network.name(),
        network.digest(),
        layers(network),
        network.parameterCount(),
        network.latent().size(),
        network.text());
  }

  private static List<NetworkView.Layer> layers(Network network) {
    List<NetworkView.Layer> layers = new ArrayList<>();
    layers.add(layer(network, "input", "input", 0, 0));
    Map<String, Integer> parameters = network.parametersByLine();
    NetworkReader labels = new NetworkReader();
    for (Operation operation : network.program().operations()) {
      String name = operation.name();
      int trained = parameters.getOrDefault(name, 0);
      layers.add(layer(network, name, operation.accept(labels), operation.output(), trained));
    }
    return layers;
  }

  private static NetworkView.Layer layer(
      Network network, String name, String operation, int value, int parameters) {
    Shape shape = network.program().shape(value);
    boolean isLatent = value == network.program().latent();
    return new NetworkView.Layer(
        name, operation, shape.height(), shape.width(), shape.channels(), parameters, isLatent);
  }

  @Override
  public String conv(Operation.Conv conv) {
    return "conv " + conv.kernel() + "×" + conv.kernel();
  }

  @Override
  public String relu(Operation.Relu relu) {
    return "ReLU";
  }

  @Override
  public String maxPool(Operation.MaxPool pool) {
    return "max-pool " + pool.window().kernel();
  }

  @Override
  public String upsample(Operation.Upsample upsample) {
    return "upsample " + upsample.factor();
  }

  @Override
  public String add(Operation.Add add) {
    throw new UnsupportedOperationException("add");
  }

  @Override
  public String linear(Operation.Linear linear) {
    throw new UnsupportedOperationException("linear");
  }

  @Override
  public String activation(Operation.Activation activation) {
    throw new UnsupportedOperationException("activation");
  }

  @Override
  public String batchNorm(Operation.BatchNorm norm) {
    throw new UnsupportedOperationException("batchNorm");
  }

  @Override
  public String averagePool(Operation.AveragePool pool) {
    throw new UnsupportedOperationException("averagePool");
  }

  @Override
  public String globalAveragePool(Operation.GlobalAveragePool pool) {
    throw new UnsupportedOperationException("globalAveragePool");
  }

  @Override
  public String dropout(Operation.Dropout dropout) {
    throw new UnsupportedOperationException("dropout");
  }
}
