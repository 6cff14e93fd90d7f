package belay.net;

import java.util.Optional;

/**
 * The lines that a network's digest is taken of. Every checkpoint and feature file holds such a
 * digest, so that a line never changes for a network that could be written before: an option added
 * later is left out where it has its default. Blocks are no part of it, only what they make.
 */
final class CanonicalText implements Operation.Cases<String> {
  private final Program program;

  private CanonicalText(Program program) {
    this.program = program;
  }

  static String of(Network network) {
    CanonicalText text = new CanonicalText(network.program());
    StringBuilder lines = new StringBuilder("input " + network.input() + "\n");
    int current = 0;
    for (Line line : network.lines()) {
      if (!text.isUsual(line)) {
        lines.append(text.line(line, current)).append('\n');
      }
      current = line.mark().isPresent() ? current : line.value();
    }
    return lines.toString();
  }

  /** Without an output's line the last value is the output. */
  private boolean isUsual(Line line) {
    int last = program.shapes().size() - 1;
    return line.mark().equals(Optional.of(Mark.OUTPUT)) && line.value() == last;
  }

  private String line(Line line, int current) {
    return line.mark()
        .map(mark -> mark(line, mark, current))
        .orElseGet(() -> program.definition(line.value()).accept(this));
  }

  private String mark(Line line, Mark mark, int current) {
    String kind =
        switch (mark) {
          case LATENT -> "Latent";
          case OUTPUT -> "Output";
          case LOGITS -> "Logits";
        };
    String value = line.value() == current ? "" : ", value=" + line.value();
    String scale = mark == Mark.LOGITS ? unless(program.logitScale(), 1, "scale") : "";
    return kind + "[name=" + line.name() + value + scale + "]";
  }

  @Override
  public String conv(Operation.Conv conv) {
    String sizes = ", filters=" + conv.filters() + ", kernel=" + conv.kernel();
    return text(
        "Conv",
        conv,
        sizes
            + window(conv.window(), 1, (conv.kernel() - 1) / 2)
            + bias(conv.bias())
            + start(conv.weights()));
  }

  @Override
  public String linear(Operation.Linear linear) {
    return text(
        "Linear",
        linear,
        ", outputs=" + linear.outputs() + bias(linear.bias()) + start(linear.weights()));
  }

  @Override
  public String batchNorm(Operation.BatchNorm norm) {
    String epsilon = unless(norm.epsilon(), Operation.BatchNorm.USUAL_EPSILON, "epsilon");
    String momentum = unless(norm.momentum(), Operation.BatchNorm.USUAL_MOMENTUM, "momentum");
    String scale = norm.scale().isPresent() ? "" : ", scale=no";
    return text("BatchNorm", norm, epsilon + momentum + scale);
  }

  @Override
  public String normalize(Operation.Normalize normalize) {
    return text("Normalize", normalize, "");
  }

  @Override
  public String relu(Operation.Relu relu) {
    return text("Relu", relu, "");
  }

  @Override
  public String activation(Operation.Activation activation) {
    return text("Activation", activation, ", curve=" + activation.curve().accept(new CurveText()));
  }

  @Override
  public String add(Operation.Add add) {
    return "Add[name=%s, left=%d, right=%d]".formatted(add.name(), add.left(), add.right());
  }

  @Override
  public String maxPool(Operation.MaxPool pool) {
    return text("MaxPool", pool, pooling(pool.window()));
  }

  @Override
  public String averagePool(Operation.AveragePool pool) {
    return text("AveragePool", pool, pooling(pool.window()));
  }

  @Override
  public String globalAveragePool(Operation.GlobalAveragePool pool) {
    return text("GlobalAveragePool", pool, "");
  }

  @Override
  public String upsample(Operation.Upsample upsample) {
    return text("Upsample", upsample, ", factor=" + upsample.factor());
  }

  @Override
  public String dropout(Operation.Dropout dropout) {
    return text("Dropout", dropout, ", rate=" + dropout.rate());
  }

  /** An operation that reads one value: which one is left out where it is the one before. */
  private static String text(String kind, Operation operation, String options) {
    int input = operation.inputs().get(0);
    String from = input == operation.output() - 1 ? "" : ", input=" + input;
    return kind + "[name=" + operation.name() + options + from + "]";
  }

  private static String pooling(Window window) {
    return ", size=" + window.kernel() + window(window, window.kernel(), 0);
  }

  private static String window(Window window, int usualStride, int usualPadding) {
    String stride = window.stride() == usualStride ? "" : ", stride=" + window.stride();
    return window.padding() == usualPadding ? stride : stride + ", padding=" + window.padding();
  }

  private static String unless(float value, float usual, String option) {
    return value == usual ? "" : ", " + option + "=" + value;
  }

  private static String start(Parameter kernel) {
    boolean isUsual = kernel.start() == Parameter.Start.DRAWN;
    return isUsual ? "" : ", init=" + kernel.start().word();
  }

  private static String bias(Optional<Parameter> bias) {
    return bias.isPresent() ? "" : ", bias=no";
  }

  private static final class CurveText implements Curve.Cases<String> {
    @Override
    public String gelu(Curve.Gelu gelu) {
      return "gelu";
    }

    @Override
    public String silu(Curve.Silu silu) {
      return "silu";
    }

    @Override
    public String leakyRelu(Curve.LeakyRelu leaky) {
      return "leaky-relu" + unless(leaky.slope(), Curve.LeakyRelu.USUAL_SLOPE, "slope");
    }
  }
}
