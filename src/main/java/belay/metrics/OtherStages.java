package belay.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the other stages of a run said last, from a textfile that one of them has left. Prometheus
 * wants all series of a name together, below one HELP and one TYPE, and none twice; a file that
 * breaks this is refused whole, so that anything else in it is left out here.
 *
 * <p>Format: <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">version
 * 0.0.4</a>.
 */
final class OtherStages {
  private static final int LONGEST_LINE = 10_000;
  private static final String NAME = "([a-zA-Z_:][a-zA-Z0-9_:]*)";
  private static final Pattern HELP = Pattern.compile("# HELP " + NAME + " .*");
  private static final Pattern TYPE =
      Pattern.compile("# TYPE " + NAME + " (?:counter|gauge|summary|histogram|untyped)");
  private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"[^\"\\\\]*(?:\\\\.[^\"\\\\]*)*\"";
  private static final String NUMBER = "(?:[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?|NaN|[-+]?Inf)";
  private static final Pattern SERIES =
      Pattern.compile("(" + NAME + "\\{" + LABEL + "(?:," + LABEL + ")*}) " + NUMBER);

  /**
   * @param header lines of HELP and TYPE, the latter last
   * @param series lines by name and labels
   */
  private record Family(String header, Map<String, String> series) {
    String type() {
      return header.substring(header.lastIndexOf("# TYPE "));
    }

    String lines() {
      return String.join("", series.values());
    }
  }

  private final Map<String, Family> families = new LinkedHashMap<>();

  /**
   * @param text of the file
   * @param present labels of the process that is about to write there
   */
  OtherStages(String text, RunLabels present) {
    String help = "";
    String family = "";
    for (String line : text.split("\n")) {
      String read = line.length() > LONGEST_LINE ? "" : line;
      Matcher type = TYPE.matcher(read);
      Matcher series = SERIES.matcher(read);
      if (HELP.matcher(read).matches()) {
        help = read + "\n";
      } else if (type.matches()) {
        family = type.group(1);
        boolean isHelp = help.startsWith("# HELP " + family + " ");
        families.putIfAbsent(
            family, new Family((isHelp ? help : "") + read + "\n", new LinkedHashMap<>()));
      } else if (series.matches()
          && belongs(series.group(2), family)
          && present.isOtherStage(series.group(1))) {
        families.get(family).series().putIfAbsent(series.group(1), read + "\n");
      }
    }
  }

  private boolean belongs(String name, String family) {
    return families.containsKey(family)
        && (name.equals(family) || name.matches(Pattern.quote(family) + "_(sum|count|bucket)"));
  }

  /** The present process's metrics with what the other stages said of the same and of more. */
  String addedTo(String text) {
    Map<String, Family> left = new LinkedHashMap<>(families);
    StringBuilder all = new StringBuilder();
    for (String block : text.split("(?m)^(?=# (?:HELP|TYPE) )")) {
      all.append(block);
      Matcher type = TYPE.matcher(block);
      Family other = type.lookingAt() ? left.remove(type.group(1)) : null;
      if (other != null && block.startsWith(other.type())) {
        all.append(other.lines());
      }
    }
    left.values().stream()
        .filter(family -> !family.series().isEmpty())
        .forEach(family -> all.append(family.header()).append(family.lines()));
    return all.toString();
  }
}
