package belay.inspect;

import belay.net.Layer;
import belay.net.Network;
import belay.view.Table;
import java.util.LinkedHashMap;
import java.util.Map;

/** A network: its layers with their shapes and parameters. */
public final class NetworkSheet {
  private NetworkSheet() {}

  public static Sheet of(Network network) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", network.name());
    facts.put("parameters", network.parameterCount());
    facts.put("latent-features", network.latent().size());
    facts.put("sha256", network.digest());
    return new Sheet().facts("network", facts).table("layers", layers(network));
  }

  /** Each layer with the shape of its output. */
  static Table layers(Network network) {
    Table table = new Table("layer", "output", "parameters");
    table.row("input", network.input().toString(), null);
    Map<String, Integer> parameters = network.parametersByLayer();
    int value = 0;
    for (Layer layer : network.layers()) {
      value += layer instanceof Layer.Latent ? 0 : 1; // a mark defines no value
      table.row(
          layer.name(), network.program().shape(value).toString(), parameters.get(layer.name()));
    }
    return table;
  }
}
