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
 * Reads network files. A line is {@code KIND [SIZE] [key=value ...]}; the kinds are input, conv,
 * relu, maxpool, upsample and latent.
 */
final class NetworkParser {
  private static final Pattern SHAPE = Pattern.compile("(\\d{1,4})x(\\d{1,4})x(\\d{1,4})");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,31}");
  private static final int MAX_SIZE = 4096;
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
  private ProgramBuilder program;
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
      case "relu" -> relu(words);
      case "maxpool" -> maxPool(words);
      case "upsample" -> upsample(words);
      case "latent" -> latent(words);
      default ->
          throw problem(
              "unknown layer '%s', expected input, conv, relu, maxpool, upsample or latent"
                  .formatted(kind));
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
    Map<String, String> options = options(words, 2, Set.of("kernel", "name"));
    int filters = size(words[1], 1);
    int kernel = size(options.getOrDefault("kernel", "3"), 1);
    if (kernel % 2 == 0 || kernel > 15) {
      throw problem("kernel=%d must be odd and at most 15".formatted(kernel));
    }
    Shape in = program.last();
    checked(in.height(), in.width(), filters);
    parameterCount += ((long) kernel * kernel * in.channels() + 1) * filters;
    if (parameterCount > MAX_PARAMETERS) {
      throw problem("the network has more than %d parameters".formatted(MAX_PARAMETERS));
    }
    String name = name("conv", options);
    program.conv(name, filters, Window.around(kernel));
    defined(name);
  }

  private void relu(String[] words) {
    String name = name("relu", options(words, 1, Set.of("name")));
    program.relu(name);
    defined(name);
  }

  private void maxPool(String[] words) {
    Map<String, String> options = options(words, 2, Set.of("name"));
    int size = size(words[1], 2);
    Shape in = program.last();
    if (in.height() % size != 0 || in.width() % size != 0) {
      throw problem("maxpool %d does not divide %s".formatted(size, in));
    }
    String name = name("maxpool", options);
    program.maxPool(name, Window.tile(size));
    defined(name);
  }

  private void upsample(String[] words) {
    Map<String, String> options = options(words, 2, Set.of("name"));
    int factor = size(words[1], 2);
    Shape in = program.last();
    checked((long) in.height() * factor, (long) in.width() * factor, in.channels());
    String name = name("upsample", options);
    program.upsample(name, factor);
    defined(name);
  }

  private void latent(String[] words) {
    if (program.has(Mark.LATENT)) {
      throw problem("a second latent mark");
    }
    String name = name("latent", options(words, 1, Set.of("name")));
    program.mark(Mark.LATENT);
    lines.add(new Line(name, program.current(), Optional.of(Mark.LATENT)));
  }

  private void defined(String name) {
    lines.add(new Line(name, program.current(), Optional.empty()));
  }

  private void checkWhole() {
    if (program == null) {
      throw problem("no layers");
    }
    if (!program.hasParameters()) {
      throw problem("no conv layer, nothing to train");
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
