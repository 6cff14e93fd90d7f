package belay.inspect;

import belay.net.Line;
import belay.net.Network;
import belay.net.Operation;
import belay.net.Program;
import belay.review.OperationNames;
import belay.view.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A network: its lines with what they read, their shapes, parameters and operations. */
public final class NetworkSheet {
  private final Program program;
  private final Rails rails;
  private final OperationNames names = new OperationNames();
  private final Table table =
      new Table("graph", "layer", "kind", "reads", "output", "parameters", "operations");
  private int above; // the value of the line before

  private NetworkSheet(Network network) {
    this.program = network.program();
    this.rails = new Rails(program);
  }

  public static Sheet of(Network network) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", network.name());
    facts.put("parameters", network.parameterCount());
    facts.put("operations-per-image", ProductCount.of(network.program()));
    facts.put("latent-features", network.latent().size());
    facts.put("sha256", network.digest());
    return new Sheet().facts("network", facts).table("layers", layers(network));
  }

  /** Each line with the shape of its value. */
  static Table layers(Network network) {
    NetworkSheet sheet = new NetworkSheet(network);
    sheet.table.row(sheet.rails.input(), "input", "", "", network.input().toString(), null, null);
    network.lines().forEach(sheet::line);
    return sheet.table;
  }

  private void line(Line line) {
    if (line.mark().isPresent()) {
      mark(line);
    } else {
      operation(program.definition(line.value()));
    }
  }

  private void mark(Line line) {
    String kind = line.mark().get().name().toLowerCase(Locale.ROOT);
    String reads = reads(List.of(line.value()));
    table.row(rails.mark(), line.name(), kind, reads, shape(line.value()), null, null);
  }

  private void operation(Operation operation) {
    int parameters = operation.parameters().stream().mapToInt(p -> p.size()).sum();
    long products = ProductCount.of(program, operation);
    table.row(
        rails.operation(operation),
        operation.name(),
        operation.accept(names).replace('×', 'x'),
        reads(operation.inputs()),
        shape(operation.output()),
        parameters == 0 ? null : parameters,
        products == 0 ? null : products);
    above = operation.output();
  }

  private String shape(int value) {
    return program.shape(value).toString();
  }

  /** What a line reads beside, or instead of, the value of the line before. */
  private String reads(List<Integer> inputs) {
    return inputs.stream()
        .filter(input -> input != above)
        .map(this::name)
        .collect(Collectors.joining(", "));
  }

  private String name(int value) {
    return value == 0 ? "input" : program.definition(value).name();
  }
}
