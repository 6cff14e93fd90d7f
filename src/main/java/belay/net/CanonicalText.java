package belay.net;

/**
 * The lines that a network's digest is taken of. Every checkpoint and feature file holds such a
 * digest, so that a line never changes for a network that could be written before: an option added
 * later is left out where it has its default.
 */
final class CanonicalText implements Operation.Cases<String> {
  private final Program program;

  private CanonicalText(Program program) {
    this.program = program;
  }

  static String of(Network network) {
    CanonicalText text = new CanonicalText(network.program());
    StringBuilder lines = new StringBuilder("input " + network.input() + "\n");
    network.lines().forEach(line -> lines.append(text.line(line)).append('\n'));
    return lines.toString();
  }

  private String line(Line line) {
    return line.mark()
        .map(mark -> mark(line.name(), mark))
        .orElseGet(() -> program.definition(line.value()).accept(this));
  }

  private static String mark(String name, Mark mark) {
    return switch (mark) {
      case LATENT -> "Latent[name=" + name + "]";
      case OUTPUT -> "Output[name=" + name + "]";
    };
  }

  @Override
  public String conv(Operation.Conv conv) {
    String sizes = ", filters=" + conv.filters() + ", kernel=" + conv.kernel();
    return "Conv[name=" + conv.name() + sizes + "]";
  }

  @Override
  public String relu(Operation.Relu relu) {
    return "Relu[name=" + relu.name() + "]";
  }

  @Override
  public String maxPool(Operation.MaxPool pool) {
    return "MaxPool[name=" + pool.name() + ", size=" + pool.window().kernel() + "]";
  }

  @Override
  public String upsample(Operation.Upsample upsample) {
    return "Upsample[name=" + upsample.name() + ", factor=" + upsample.factor() + "]";
  }
}
