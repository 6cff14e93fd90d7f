package belay.review;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The commands that make a run again, for a POSIX shell. */
final class RepeatCommands {
  private static final String NEXT_LINE = " \\\n    ";

  private RepeatCommands() {}

  /**
   * @param maker version and device that made the run
   * @param run the new run's directory
   * @param remarks what no command can repeat, a sentence each
   */
  static String of(String maker, String run, List<Step> steps, List<String> remarks) {
    List<String> lines = new ArrayList<>();
    lines.add(comment("belay " + maker));
    remarks.forEach(remark -> lines.add(comment(remark)));
    steps.forEach(step -> lines.add(command(run, step)));
    return String.join("\n", lines);
  }

  private static String comment(String text) {
    return "# " + text.replaceAll("\\p{Cntrl}", " ");
  }

  private static String command(String run, Step step) {
    String words =
        step.options().stream().map(word -> " " + quote(word)).collect(Collectors.joining());
    String keys =
        step.keys().entrySet().stream()
            .map(key -> NEXT_LINE + "--set " + quote(key.getKey() + "=" + literal(key.getValue())))
            .collect(Collectors.joining());
    return "java -jar belay.jar " + step.stage() + " --run " + quote(relative(run)) + words + keys;
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
