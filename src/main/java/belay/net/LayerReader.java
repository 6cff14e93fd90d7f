package belay.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes operations and marks of lines, one after another. */
final class LayerReader {
  private static final Pattern SHAPE = Pattern.compile("(\\d{1,4})x(\\d{1,4})x(\\d{1,4})");

  /** Earlier versions had kernels up to it. */
  private static final int MAX_KERNEL = 15;

  private static final int MAX_VALUES = 1 << 24;
  private static final long MAX_PARAMETERS = 1 << 28;
  private static final int MAX_LAYERS = 512;

  private final Names names;
  private final List<Line> lines = new ArrayList<>();
  private ProgramBuilder program; // from the input's line on
  private int current; // the value that a line reads unless it names one
  private long parameterCount;

  LayerReader(Names names) {
    this.names = names;
  }

  /** The value that the next line reads. */
  int current() {
    return current;
  }

  /** Lets the next line read what the words name. */
  void readFrom(Words words) {
    checkBegun(words, false);
    current = input(words);
  }

  void read(LineKind kind, Words words) {
    checkBegun(words, kind == LineKind.INPUT);
    if (kind != LineKind.NAME && lines.size() == MAX_LAYERS) {
      throw words.problem("the network has more than %d layers", MAX_LAYERS);
    }
    switch (kind) {
      case INPUT -> begin(words);
      case CONV -> conv(words);
      case LINEAR -> linear(words);
      case BATCH_NORM -> batchNorm(words);
      case NORMALIZE -> normalize(words);
      case RELU -> define(words, program::relu);
      case GELU -> activation(words, new Curve.Gelu());
      case SILU -> activation(words, new Curve.Silu());
      case LEAKY_RELU -> leakyRelu(words);
      case ADD -> add(words);
      case MAX_POOL -> maxPool(words);
      case AVERAGE_POOL -> averagePool(words);
      case GLOBAL_AVERAGE_POOL -> define(words, program::globalAveragePool);
      case UPSAMPLE -> upsample(words);
      case DROPOUT -> dropout(words);
      case LATENT -> mark(words, Mark.LATENT);
      case OUTPUT -> mark(words, Mark.OUTPUT);
      case LOGITS -> logits(words);
      case NAME -> name(words);
    }
  }

  private void checkBegun(Words words, boolean isInput) {
    if ((program == null) != isInput) {
      throw words.problem(
          "the first layer, and only the first, must be %s", LineKind.INPUT.usage());
    }
  }

  private void begin(Words words) {
    String word = words.arguments().get(0);
    Matcher sides = SHAPE.matcher(word);
    if (!sides.matches()) {
      throw words.problem("'%s' is not a shape like 32x32x3", word);
    }
    program = new ProgramBuilder(shape(words, side(sides, 1), side(sides, 2), side(sides, 3)));
  }

  private static int side(Matcher sides, int group) {
    return Integer.parseInt(sides.group(group));
  }

  private void conv(Words words) {
    int filters = words.size(1);
    int kernel = words.size("kernel", 3, 1);
    if (kernel > MAX_KERNEL) {
      throw words.problem("kernel=%d must be at most %d", kernel, MAX_KERNEL);
    }
    Shape in = program.shape(input(words));
    Window window = words.window(Window.around(kernel), in);
    Shape out = window.over(in, filters);
    shape(words, out.height(), out.width(), filters);
    boolean isBiased = words.isYes("bias");
    count(words, ((long) kernel * kernel * in.channels() + 1) * filters);
    Parameter.Start start = words.start(Set.of(Parameter.Start.values()));
    if (start == Parameter.Start.WHITEN) {
      checkWhitening(words, filters, kernel * kernel * in.channels());
    }
    define(words, (name, input) -> program.conv(name, input, filters, window, isBiased, start));
  }

  private void checkWhitening(Words words, int filters, int patch) {
    if (!program.isImage(input(words))) {
      throw words.problem("init=whiten reads the images: write it after input or normalize");
    }
    if (patch > Parameter.LARGEST_PATCH) {
      throw words.problem(
          "init=whiten takes kernels of at most %d values, not %d", Parameter.LARGEST_PATCH, patch);
    }
    if (filters != 2 * patch) {
      throw words.problem(
          "init=whiten makes two filters for each of the kernel's %d values: conv %d",
          patch, 2 * patch);
    }
  }

  private void linear(Words words) {
    int outputs = words.size(1);
    boolean isBiased = words.isYes("bias");
    count(words, (program.shape(input(words)).size() + 1L) * outputs);
    Parameter.Start start =
        words.start(Set.of(Parameter.Start.DRAWN, Parameter.Start.UNIT_DEVIATION));
    define(words, (name, input) -> program.linear(name, input, outputs, isBiased, start));
  }

  private void batchNorm(Words words) {
    float epsilon = words.number("epsilon", Operation.BatchNorm.USUAL_EPSILON, "1e-12", "1");
    float momentum = words.number("momentum", Operation.BatchNorm.USUAL_MOMENTUM, "1e-6", "1");
    boolean isScaled = words.isYes("scale");
    count(words, 4L * program.shape(input(words)).channels());
    define(words, (name, input) -> program.batchNorm(name, input, epsilon, momentum, isScaled));
  }

  private void normalize(Words words) {
    if (input(words) != 0) {
      throw words.problem("normalize reads the images: write it after input, or from=input");
    }
    define(words, program::normalize);
  }

  private void activation(Words words, Curve curve) {
    define(words, (name, input) -> program.activation(name, input, curve));
  }

  private void leakyRelu(Words words) {
    activation(
        words,
        new Curve.LeakyRelu(words.number("slope", Curve.LeakyRelu.USUAL_SLOPE, "0", "0.999")));
  }

  private void add(Words words) {
    int right = names.find(words.place(), words.arguments().get(0));
    Shape one = program.shape(input(words));
    Shape other = program.shape(right);
    if (!one.equals(other)) {
      throw words.problem("cannot add %s to %s, expected equal shapes", other, one);
    }
    define(words, (name, left) -> program.add(name, left, right));
  }

  private void maxPool(Words words) {
    Window window = pooling(words);
    define(words, (name, input) -> program.maxPool(name, input, window));
  }

  private void averagePool(Words words) {
    Window window = pooling(words);
    define(words, (name, input) -> program.averagePool(name, input, window));
  }

  private void upsample(Words words) {
    int factor = words.size(2);
    Shape in = program.shape(input(words));
    shape(words, (long) in.height() * factor, (long) in.width() * factor, in.channels());
    define(words, (name, input) -> program.upsample(name, input, factor));
  }

  private void dropout(Words words) {
    float rate = words.number("0", "0.999");
    define(words, (name, input) -> program.dropout(name, input, rate));
  }

  /** Appends an operation that has a name and reads a value. */
  private interface Definition {
    void append(String name, int input);
  }

  private void define(Words words, Definition definition) {
    int input = input(words);
    String name = names.fresh(words.place(), words.kind(), words.option("name"));
    definition.append(name, input);
    current = program.current();
    lines.add(new Line(name, current, Optional.empty()));
    names.put(name, current);
  }

  private void mark(Words words, Mark mark) {
    mark(words, mark, value -> program.mark(mark, value));
  }

  private void mark(Words words, Mark mark, IntConsumer marking) {
    if (program.has(mark)) {
      throw words.problem("a second %s mark", words.kind());
    }
    if (mark != Mark.LATENT && (program.has(Mark.OUTPUT) || program.has(Mark.LOGITS))) {
      throw words.problem(
          "output and logits exclude one another: a network reconstructs or classifies");
    }
    int value = input(words);
    String name = names.fresh(words.place(), words.kind(), words.option("name"));
    marking.accept(value);
    lines.add(new Line(name, value, Optional.of(mark)));
    names.put(name, value);
  }

  private void logits(Words words) {
    Shape scores = program.shape(input(words));
    if (scores.size() != scores.channels() || scores.channels() < 2) {
      throw words.problem(
          "%s is no score for each class, expected 1x1xCLASSES, as 'linear CLASSES' makes it",
          scores);
    }
    float scale = words.number("scale", 1, "1e-6", "1000");
    mark(words, Mark.LOGITS, value -> program.logits(value, scale));
  }

  private void name(Words words) {
    Optional<String> given = Optional.of(words.arguments().get(0));
    names.put(names.fresh(words.place(), words.kind(), given), current);
  }

  /** The value that a line reads. */
  private int input(Words words) {
    return words.option("from").map(name -> names.find(words.place(), name)).orElse(current);
  }

  private Window pooling(Words words) {
    int side = words.size(2);
    Shape in = program.shape(input(words));
    boolean isPlain = words.option("stride").isEmpty() && words.option("padding").isEmpty();
    if (isPlain && (in.height() % side != 0 || in.width() % side != 0)) {
      throw words.problem("%s %d does not divide %s", words.kind(), side, in);
    }
    return words.window(Window.tile(side), in);
  }

  private void count(Words words, long more) {
    parameterCount += more;
    if (parameterCount > MAX_PARAMETERS) {
      throw words.problem("the network has more than %d parameters", MAX_PARAMETERS);
    }
  }

  private static Shape shape(Words words, long height, long width, long channels) {
    if (height * width * channels > MAX_VALUES || height * width * channels == 0) {
      throw words.problem(
          "%dx%dx%d has not between 1 and %d values", height, width, channels, MAX_VALUES);
    }
    return new Shape((int) height, (int) width, (int) channels);
  }

  /**
   * What the lines have come to.
   *
   * @param end of the file
   * @throws belay.error.ConfigurationException if it is no whole network
   */
  Network network(Place end, String text) {
    if (program == null) {
      throw end.problem("no layers");
    }
    if (!program.hasParameters()) {
      throw end.problem("no layer with parameters, nothing to train");
    }
    if (!program.has(Mark.LATENT)) {
      throw end.problem(
          "no latent mark: write 'latent' after the layer whose output is the features");
    }
    Program built = program.build();
    Shape output = built.shape(built.output());
    if (!built.classifies() && !output.equals(built.shape(0))) {
      throw end.problem(
          "the output is %s, an autoencoder must end with its input's %s; a network for classes says"
              + " 'logits' after its scores",
          output, built.shape(0));
    }
    return new Network(end.network(), text, lines, built);
  }
}
