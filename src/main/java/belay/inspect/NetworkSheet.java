package belay.inspect;

import belay.net.Line;
import belay.net.Network;
import belay.view.Table;
import java.util.LinkedHashMap;
import java.util.Map;

/** A network: its lines with their shapes and parameters. */
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

  /** Each line with the shape of its value. */
  static Table layers(Network network) {
    Table table = new Table("layer", "output", "parameters");
    table.row("input", network.input().toString(), null);
    Map<String, Integer> parameters = network.parametersByLine();
    for (Line line : network.lines()) {
      String shape = network.program().shape(line.value()).toString();
      table.row(line.name(), shape, parameters.get(line.name()));
    }
    return table;
  }
}
