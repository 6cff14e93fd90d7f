package belay.review;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The commands that make a run again, for a POSIX shell. */
final class RepeatCommands {
  private static final String NEXT_LINE = " \\\n    ";

  private RepeatCommands() {}

  /**
   * @param version that made the run
   * @param run the new run's directory
   * @param configuration effective values by key
   * @param defaults values that need not be said
   * @param stages that the run went through
   */
  static String of(
      String version,
      String run,
      Map<String, String> configuration,
      Map<String, String> defaults,
      List<String> stages) {
    Map<String, String> said = new LinkedHashMap<>(configuration);
    said.entrySet().removeIf(entry -> entry.getValue().equals(defaults.get(entry.getKey())));
    List<String> commands = new ArrayList<>();
    commands.add("# belay " + version.replaceAll("\\p{Cntrl}", " "));
    for (String stage : stages) {
      String command = "java -jar belay.jar " + stage + " --run " + quote(relative(run));
      // The first stage's keys are remembered in the run directory.
      boolean isFirst = commands.size() == 1;
      commands.add(command + (isFirst ? assignments(said) : ""));
    }
    return String.join("\n", commands);
  }

  private static String assignments(Map<String, String> said) {
    return said.entrySet().stream()
        .map(
            entry -> NEXT_LINE + "--set " + quote(entry.getKey() + "=" + literal(entry.getValue())))
        .collect(Collectors.joining());
  }

  /** Belay itself would replace ${...}. */
  private static String literal(String value) {
    return value.replace("${", "${$}{");
  }

  /** A name must not look like an option. */
  private static String relative(String run) {
    return run.startsWith("-") ? "./" + run : run;
  }

  /** One word for the shell, whatever is in it (POSIX, "Shell Command Language", 2.2.2). */
  static String quote(String word) {
    return word.matches("[A-Za-z0-9_./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
