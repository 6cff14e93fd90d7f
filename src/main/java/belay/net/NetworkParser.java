package belay.net;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads network files line by line; docs/networks.md describes them. */
final class NetworkParser {
  private static final int MAX_LINES = 4000;

  private final String network;
  private final String text;
  private final Blocks blocks = new Blocks();
  private final Names names = new Names();
  private final LayerReader layers = new LayerReader(names);
  private int read; // lines, those of instances included

  NetworkParser(String network, String text) {
    this.network = network;
    this.text = text;
  }

  Network parse() {
    Place place = new Place(network, 0, "");
    for (String line : text.split("\n", -1)) {
      place = new Place(network, place.line() + 1, "");
      checkLength(place, line);
      statement(place, line).filter(words -> !blocks.take(words)).ifPresent(this::run);
    }
    blocks.checkClosed();
    return layers.network(place, text);
  }

  private static void checkLength(Place place, String line) {
    if (line.length() > Statement.LONGEST || place.line() > MAX_LINES) {
      throw place.problem(
          "a network has at most %d lines of %d characters", MAX_LINES, Statement.LONGEST);
    }
  }

  private static Optional<Statement> statement(Place place, String line) {
    String content = line.replaceFirst("#.*", "").strip();
    return content.isEmpty()
        ? Optional.empty()
        : Optional.of(new Statement(place, List.of(content.split("\\s+"))));
  }

  private void run(Statement line) {
    if (++read > MAX_LINES) {
      throw line.problem("the blocks make more than %d lines", MAX_LINES);
    }
    Optional<LineKind> kind = LineKind.of(line.kind());
    if (kind.isPresent()) {
      layers.read(kind.get(), kind.get().usage().read(line));
    } else {
      Block block = blocks.usedBy(line).orElseThrow(() -> unknown(line));
      use(block, block.usage().read(line));
    }
  }

  private RuntimeException unknown(Statement line) {
    String known =
        Stream.concat(Arrays.stream(LineKind.values()).map(LineKind::word), blocks.names().stream())
            .collect(Collectors.joining(", "));
    return line.problem("unknown layer '%s', expected one of %s", line.kind(), known);
  }

  /** Names within an instance begin with its own, whose length bounds how deep blocks can lie. */
  private void use(Block block, Words words) {
    layers.readFrom(words);
    boolean isRepeated = words.option("times").isPresent();
    int times = words.size("times", 1, 1);
    for (int i = 1; i <= times; i++) {
      String number = isRepeated ? Integer.toString(i) : "";
      Optional<String> given = words.option("name").map(name -> name + number);
      String instance = names.fresh(words.place(), block.name(), given);
      block.instance(instance, words).forEach(this::run);
      names.put(instance, layers.current());
    }
  }
}
