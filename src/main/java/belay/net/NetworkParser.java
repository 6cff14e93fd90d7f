package belay.net;

import belay.error.ConfigurationException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads network files. A line is {@code KIND [SIZE] [key=value ...]}. It reads the value of the
 * line before, or of the one that {@code from=NAME} names.
 */
final class NetworkParser {
  private static final Pattern SHAPE = Pattern.compile("(\\d{1,4})x(\\d{1,4})x(\\d{1,4})");
  private static final String KINDS =
      "input, conv, linear, batchnorm, relu, gelu, silu, leaky-relu, add, maxpool, averagepool, globalaveragepool, upsample, dropout, latent or output";
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,31}");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,3}(\\.\\d{1,9})?(e-?\\d{1,2})?");
  private static final int MAX_SIZE = 4096;
  private static final int MAX_KERNEL = 15;
  private static final int MAX_VALUES = 1 << 24;
  private static final long MAX_PARAMETERS = 1 << 28;

  // A checkpoint keeps the text line by line, and the parameters' names in one attribute.
  private static final int MAX_LAYERS = 512;
  private static final int MAX_LINES = 4000;
  private static final int MAX_LINE = 1000; // characters

  private final String network;
  private final String text;
  private final List<Line> lines = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final Map<String, Integer> values = new HashMap<>(); // by the name of their line
  private ProgramBuilder program;
  private int current; // the value that a line reads unless it names one
  private int lineNumber;
  private long parameterCount;

  NetworkParser(String network, String text) {
    this.network = network;
    this.text = text;
  }

  Network parse() {
    for (String line : text.split("\n", -1)) {
      lineNumber++;
      checkLength(line);
      String content = line.replaceFirst("#.*", "").strip();
      if (!content.isEmpty()) {
        layer(content.split("\\s+"));
      }
    }
    checkWhole();
    return new Network(network, text, lines, program.build());
  }

  private void checkLength(String line) {
    if (line.length() > MAX_LINE || lineNumber > MAX_LINES) {
      throw problem(
          "a network has at most %d lines of %d characters".formatted(MAX_LINES, MAX_LINE));
    }
  }

  private void layer(String[] words) {
    String kind = words[0];
    if ((program == null) != kind.equals("input")) {
      throw problem("the first layer, and only the first, must be input HEIGHTxWIDTHxCHANNELS");
    }
    if (lines.size() == MAX_LAYERS) {
      throw problem("the network has more than %d layers".formatted(MAX_LAYERS));
    }
    switch (kind) {
      case "input" -> input(words);
      case "conv" -> conv(words);
      case "linear" -> linear(words);
      case "batchnorm" -> batchNorm(words);
      case "relu" -> relu(words);
      case "gelu" -> activation(words, new Curve.Gelu());
      case "silu" -> activation(words, new Curve.Silu());
      case "leaky-relu" -> leakyRelu(words);
      case "add" -> add(words);
      case "maxpool" -> maxPool(words);
      case "averagepool" -> averagePool(words);
      case "globalaveragepool" -> globalAveragePool(words);
      case "upsample" -> upsample(words);
      case "dropout" -> dropout(words);
      case "latent" -> latent(words);
      case "output" -> output(words);
      default -> throw problem("unknown layer '%s', expected %s".formatted(kind, KINDS));
    }
  }

  private void input(String[] words) {
    options(words, 2, Set.of());
    Matcher shape = SHAPE.matcher(words[1]);
    if (!shape.matches()) {
      throw problem("'%s' is not a shape like 32x32x3".formatted(words[1]));
    }
    program =
        new ProgramBuilder(
            checked(
                Integer.parseInt(shape.group(1)),
                Integer.parseInt(shape.group(2)),
                Integer.parseInt(shape.group(3))));
  }

  private void conv(String[] words) {
    Map<String, String> options =
        options(words, 2, Set.of("kernel", "stride", "padding", "bias", "from", "name"));
    int filters = size(words[1], 1);
    int kernel = size(options.getOrDefault("kernel", "3"), 1);
    if (kernel > MAX_KERNEL) {
      throw problem("kernel=%d must be at most %d".formatted(kernel, MAX_KERNEL));
    }
    int input = input(options);
    Window window = window(options, kernel, 1, (kernel - 1) / 2, input);
    Shape in = program.shape(input);
    Shape out = window.over(in, filters);
    checked(out.height(), out.width(), filters);
    count(((long) kernel * kernel * in.channels() + 1) * filters);
    String name = name("conv", options);
    program.conv(name, input, filters, window, isBiased(options));
    defined(name);
  }

  private void linear(String[] words) {
    Map<String, String> options = options(words, 2, Set.of("bias", "from", "name"));
    int outputs = size(words[1], 1);
    int input = input(options);
    count((program.shape(input).size() + 1L) * outputs);
    String name = name("linear", options);
    program.linear(name, input, outputs, isBiased(options));
    defined(name);
  }

  private void batchNorm(String[] words) {
    Map<String, String> options = options(words, 1, Set.of("epsilon", "momentum", "from", "name"));
    float epsilon = number(options, "epsilon", "1e-5", 1e-12, 1);
    float momentum = number(options, "momentum", "0.1", 1e-6, 1);
    int input = input(options);
    count(4L * program.shape(input).channels());
    String name = name("batchnorm", options);
    program.batchNorm(name, input, epsilon, momentum);
    defined(name);
  }

  private void relu(String[] words) {
    Map<String, String> options = options(words, 1, Set.of("from", "name"));
    String name = name("relu", options);
    program.relu(name, input(options));
    defined(name);
  }

  private void activation(String[] words, Curve curve) {
    Map<String, String> options = options(words, 1, Set.of("from", "name"));
    String name = name(words[0], options);
    program.activation(name, input(options), curve);
    defined(name);
  }

  private void leakyRelu(String[] words) {
    Map<String, String> options = options(words, 1, Set.of("slope", "from", "name"));
    String name = name("leaky-relu", options);
    float slope = number(options, "slope", "0.01", 0, 0.999);
    program.activation(name, input(options), new Curve.LeakyRelu(slope));
    defined(name);
  }

  private void add(String[] words) {
    Map<String, String> options = options(words, 2, Set.of("from", "name"));
    int left = input(options);
    int right = named(words[1]);
    Shape shape = program.shape(left);
    if (!shape.equals(program.shape(right))) {
      throw problem("add of %s and %s".formatted(shape, program.shape(right)));
    }
    String name = name("add", options);
    program.add(name, left, right);
    defined(name);
  }

  private void maxPool(String[] words) {
    Map<String, String> options = options(words, 2, Set.of("stride", "padding", "from", "name"));
    int input = input(options);
    Window window = poolWindow(words, options, input);
    String name = name("maxpool", options);
    program.maxPool(name, input, window);
    defined(name);
  }

  private void averagePool(String[] words) {
    Map<String, String> options = options(words, 2, Set.of("stride", "padding", "from", "name"));
    int input = input(options);
    Window window = poolWindow(words, options, input);
    String name = name("averagepool", options);
    program.averagePool(name, input, window);
    defined(name);
  }

  private void globalAveragePool(String[] words) {
    Map<String, String> options = options(words, 1, Set.of("from", "name"));
    String name = name("globalaveragepool", options);
    program.globalAveragePool(name, input(options));
    defined(name);
  }

  private void upsample(String[] words) {
    Map<String, String> options = options(words, 2, Set.of("from", "name"));
    int factor = size(words[1], 2);
    int input = input(options);
    Shape in = program.shape(input);
    checked((long) in.height() * factor, (long) in.width() * factor, in.channels());
    String name = name("upsample", options);
    program.upsample(name, input, factor);
    defined(name);
  }

  private void dropout(String[] words) {
    Map<String, String> options = options(words, 2, Set.of("from", "name"));
    float rate = number(words[1], 0, 0.999);
    String name = name("dropout", options);
    program.dropout(name, input(options), rate);
    defined(name);
  }

  private void latent(String[] words) {
    mark(words, Mark.LATENT);
  }

  private void output(String[] words) {
    mark(words, Mark.OUTPUT);
  }

  private void mark(String[] words, Mark mark) {
    if (program.has(mark)) {
      throw problem("a second %s mark".formatted(words[0]));
    }
    Map<String, String> options = options(words, 1, Set.of("from", "name"));
    int value = input(options);
    String name = name(words[0], options);
    program.mark(mark, value);
    lines.add(new Line(name, value, Optional.of(mark)));
    values.put(name, value);
  }

  private void defined(String name) {
    current = program.current();
    lines.add(new Line(name, current, Optional.empty()));
    values.put(name, current);
  }

  /** The value that a line reads. */
  private int input(Map<String, String> options) {
    return options.containsKey("from") ? named(options.get("from")) : current;
  }

  private int named(String name) {
    if (!values.containsKey(name)) {
      throw problem("no line before is named '%s'".formatted(name));
    }
    return values.get(name);
  }

  private Window poolWindow(String[] words, Map<String, String> options, int input) {
    int side = size(words[1], 2);
    if (!options.containsKey("stride") && !options.containsKey("padding")) {
      Shape in = program.shape(input);
      if (in.height() % side != 0 || in.width() % side != 0) {
        throw problem("%s %d does not divide %s".formatted(words[0], side, in));
      }
    }
    return window(options, side, side, 0, input);
  }

  private Window window(
      Map<String, String> options, int kernel, int stride, int padding, int input) {
    Window window =
        new Window(
            kernel,
            size(options.getOrDefault("stride", Integer.toString(stride)), 1),
            size(options.getOrDefault("padding", Integer.toString(padding)), 0));
    Shape in = program.shape(input);
    if (window.padding() >= kernel) {
      throw problem(
          "padding=%d must be less than the window's %d".formatted(window.padding(), kernel));
    }
    if (Math.min(in.height(), in.width()) + 2 * window.padding() < kernel) {
      throw problem("a window of %d is larger than %s".formatted(kernel, in));
    }
    return window;
  }

  private boolean isBiased(Map<String, String> options) {
    String word = options.getOrDefault("bias", "yes");
    if (!word.equals("yes") && !word.equals("no")) {
      throw problem("bias=%s must be yes or no".formatted(word));
    }
    return word.equals("yes");
  }

  private float number(
      Map<String, String> options, String key, String usual, double least, double most) {
    return number(options.getOrDefault(key, usual), least, most);
  }

  private float number(String word, double least, double most) {
    if (!NUMBER.matcher(word).matches()
        || Double.parseDouble(word) < least
        || Double.parseDouble(word) > most) {
      throw problem("'%s' is not a number from %s to %s".formatted(word, least, most));
    }
    return Float.parseFloat(word);
  }

  private void count(long more) {
    parameterCount += more;
    if (parameterCount > MAX_PARAMETERS) {
      throw problem("the network has more than %d parameters".formatted(MAX_PARAMETERS));
    }
  }

  private void checkWhole() {
    if (program == null) {
      throw problem("no layers");
    }
    if (!program.hasParameters()) {
      throw problem("no layer with parameters, nothing to train");
    }
    if (!program.has(Mark.LATENT)) {
      throw problem("no latent mark: write 'latent' after the layer whose output is the features");
    }
    Program built = program.build();
    Shape output = built.shape(built.output());
    if (!output.equals(built.shape(0))) {
      throw problem(
          "the output is %s, an autoencoder must end with its input's %s"
              .formatted(output, built.shape(0)));
    }
  }

  private Map<String, String> options(String[] words, int positional, Set<String> known) {
    if (words.length < positional) {
      throw problem("'%s' needs a size".formatted(words[0]));
    }
    Map<String, String> options = new HashMap<>();
    for (int i = positional; i < words.length; i++) {
      String[] pair = words[i].split("=", 2);
      if (pair.length < 2 || !known.contains(pair[0])) {
        throw problem("unexpected '%s' after %s".formatted(words[i], words[0]));
      }
      if (options.put(pair[0], pair[1]) != null) {
        throw problem("%s is given twice".formatted(pair[0]));
      }
    }
    return options;
  }

  private String name(String kind, Map<String, String> options) {
    int number = counts.merge(kind, 1, Integer::sum);
    String name = options.getOrDefault("name", kind + number);
    if (!NAME.matcher(name).matches()) {
      throw problem("name=%s must be lower-case letters, digits, - and _".formatted(name));
    }
    if (!names.add(name)) {
      throw problem("name=%s is already taken".formatted(name));
    }
    return name;
  }

  private int size(String word, int least) {
    if (!word.matches("\\d{1,5}")
        || Integer.parseInt(word) < least
        || Integer.parseInt(word) > MAX_SIZE) {
      throw problem("'%s' is not a whole number from %d to %d".formatted(word, least, MAX_SIZE));
    }
    return Integer.parseInt(word);
  }

  private Shape checked(long height, long width, long channels) {
    if (height * width * channels > MAX_VALUES || height * width * channels == 0) {
      throw problem(
          "%dx%dx%d has not between 1 and %d values"
              .formatted(height, width, channels, MAX_VALUES));
    }
    return new Shape((int) height, (int) width, (int) channels);
  }

  private ConfigurationException problem(String message) {
    return new ConfigurationException("%s.net:%d: %s".formatted(network, lineNumber, message));
  }
}
