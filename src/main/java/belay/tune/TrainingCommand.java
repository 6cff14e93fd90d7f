package belay.tune;

import belay.cluster.Shell;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The command that trains with what was found. */
public final class TrainingCommand {
  private static final String NEXT_LINE = " \\\n    ";

  private TrainingCommand() {}

  /**
   * For a POSIX shell.
   *
   * @param tuned run directory of the tuning; the training's is beside it
   * @param keys that are not the defaults
   */
  public static String of(Path tuned, Map<String, String> keys) {
    Path beside = tuned.resolveSibling(tuned.getFileName() + "-trained");
    String options =
        new TreeMap<>(keys)
            .entrySet().stream()
                .map(key -> key.getKey() + "=" + literal(key.getValue()))
                .map(key -> NEXT_LINE + "--set " + Shell.quote(key))
                .collect(Collectors.joining());
    return "belay train --run " + Shell.quote(beside.toString()) + options;
  }

  /** Belay itself would replace ${...}. */
  private static String literal(String value) {
    return value.replace("${", "${$}{");
  }
}
