package belay.net;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The blocks of a file, as far as it has been read. */
final class Blocks {
  private static final String BEGIN = "block";
  private static final String END = "end";

  private final Map<String, Block> blocks = new LinkedHashMap<>();
  private Optional<Block> open = Optional.empty();
  private Statement head;

  /** Whether a line was part of a block's definition. */
  boolean take(Statement line) {
    switch (line.kind()) {
      case BEGIN -> begin(line);
      case END -> end(line);
      default -> {
        open.ifPresent(block -> block.add(line));
        return open.isPresent();
      }
    }
    return true;
  }

  private void begin(Statement line) {
    if (open.isPresent()) {
      throw line.problem("the block %s has no end before this line", open.get().name());
    }
    Block block = new Block(line);
    String name = block.name();
    if (!Names.isWord(name) || isKind(name)) {
      throw line.problem("'%s' cannot be a block's name", name);
    }
    if (blocks.containsKey(name)) {
      throw line.problem("a second block %s", name);
    }
    head = line;
    open = Optional.of(block);
  }

  private static boolean isKind(String name) {
    return LineKind.of(name).isPresent() || Set.of(BEGIN, END).contains(name);
  }

  private void end(Statement line) {
    Block block = open.orElseThrow(() -> line.problem("end without a block before it"));
    if (line.words().size() > 1) {
      throw line.problem("unexpected '%s' after end", line.words().get(1));
    }
    if (block.isEmpty()) {
      throw line.problem("the block %s has no lines", block.name());
    }
    blocks.put(block.name(), block);
    open = Optional.empty();
  }

  /** The block that a line uses. Only one that ends before it, so that no block contains itself. */
  Optional<Block> usedBy(Statement line) {
    return Optional.ofNullable(blocks.get(line.kind())).filter(block -> block.isBefore(line));
  }

  Set<String> names() {
    return blocks.keySet();
  }

  /**
   * @throws belay.error.ConfigurationException if the last block goes on
   */
  void checkClosed() {
    if (open.isPresent()) {
      throw head.problem("the block %s has no end", open.get().name());
    }
  }
}
