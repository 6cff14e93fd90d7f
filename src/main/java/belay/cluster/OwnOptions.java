package belay.cluster;

import belay.error.ConfigurationException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Options of a scheduler's command that belay gives itself, so that users cannot give them too: a
 * second one would break what belay promises of the job.
 */
final class OwnOptions {
  private final String command;
  private final Map<String, String> instead = new TreeMap<>();

  /**
   * @param command sbatch or oarsub
   */
  OwnOptions(String command) {
    this.command = command;
  }

  /**
   * @param use what to do instead, to be read after the option's name
   * @param names without dashes
   */
  OwnOptions add(String use, String... names) {
    for (String name : names) {
      instead.put(name, use);
    }
    return this;
  }

  /**
   * @param words of --option, in the scheduler's language
   * @throws ConfigurationException if one is refused, naming it and what to do
   */
  void check(List<String> words) {
    if (!words.isEmpty() && !words.get(0).startsWith("-")) {
      throw new ConfigurationException(
          "'%s' is neither an option of belay submit nor one of %s"
              .formatted(words.get(0), command));
    }
    words.forEach(Shell::quote); // which refuses what no script can carry
    words.stream().filter(word -> word.startsWith("-")).forEach(this::check);
  }

  private void check(String word) {
    boolean isLong = word.startsWith("--");
    String name =
        isLong ? word.substring(2).split("=", 2)[0] : word.substring(1, word.length() > 1 ? 2 : 1);
    instead.forEach(
        (own, use) -> {
          // Long ones may be cut short: --out is --output.
          if (isLong
              ? own.length() > 1 && !name.isEmpty() && own.startsWith(name)
              : own.equals(name)) {
            throw new ConfigurationException(
                "%s of %s cannot be given by --option: %s".formatted(word, command, use));
          }
        });
  }
}
