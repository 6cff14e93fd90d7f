package belay.conf;

import belay.conf.settings.Entry;
import belay.conf.settings.Problems;
import belay.error.ConfigurationException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.commons.configuration2.PropertiesConfiguration.JupPropertiesReader;

/**
 * KEY = VALUE lines in the syntax of java.util.Properties, stricter where a slip would go
 * unnoticed: a line needs its =, cannot continue on the next one, and no key stands twice.
 */
final class PropertyFile {
  /**
   * A line that says something.
   *
   * @param comment lines right above it, without # and space
   */
  record Line(Entry entry, List<String> comment) {}

  private static final int LONGEST_LINE = 4096;
  private static final Pattern CONTINUED = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\\\$");
  private static final Pattern BROKEN_ESCAPE =
      Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\\\u(?!\\p{XDigit}{4})");

  private final String name;
  private final Problems problems;
  private final Parser parser = new Parser();
  private final List<Line> lines = new ArrayList<>();
  private final Map<String, Integer> seen = new TreeMap<>();
  private final List<String> comment = new ArrayList<>();

  private PropertyFile(String name, Problems problems) {
    this.name = name;
    this.problems = problems;
  }

  /** The lines that can be understood; the others are reported. */
  static List<Line> read(TextFile file, Problems problems) {
    PropertyFile properties = new PropertyFile(file.label(), problems);
    try {
      int number = 0;
      for (String line : (Iterable<String>) file.read().lines()::iterator) {
        properties.line(++number, line.stripLeading());
      }
    } catch (ConfigurationException e) {
      problems.add(e.getMessage());
    }
    return properties.lines;
  }

  private void line(int number, String line) {
    if (line.isEmpty()) {
      comment.clear();
    } else if (line.startsWith("#") || line.startsWith("!")) {
      comment.add(line.substring(1).strip());
    } else {
      property(number, line);
      comment.clear();
    }
  }

  private void property(int number, String line) {
    String slip = slip(line);
    if (slip == null) {
      parser.parse(line);
      slip = slip(number);
    }
    if (slip == null) {
      String value = parser.getPropertyValue().strip();
      Entry entry = new Entry(parser.getPropertyName(), value, name + ":" + number);
      lines.add(new Line(entry, List.copyOf(comment)));
    } else {
      problems.add(name + ":" + number + " " + slip);
    }
  }

  /** What is wrong with the text of a line, or null. */
  private static String slip(String line) {
    if (line.length() > LONGEST_LINE) {
      return "is longer than " + LONGEST_LINE + " characters";
    }
    if (CONTINUED.matcher(line).find()) {
      return "ends in \\, but a value must fit in one line";
    }
    if (BROKEN_ESCAPE.matcher(line).find()) {
      return "has \\u without 4 hexadecimal digits (write \\\\ for a backslash)";
    }
    return null;
  }

  /** What is wrong with the property just parsed, or null. */
  private String slip(int number) {
    String key = parser.getPropertyName();
    if (key.isEmpty() || !parser.hasSeparator()) {
      return "must be KEY = VALUE";
    }
    if (key.equals("include") || key.equals("includeoptional")) {
      return "includes another file, which is not allowed; give --conf once for each file";
    }
    Integer before = seen.putIfAbsent(key, number);
    return before == null
        ? null
        : "sets " + Problems.quote(key) + " a second time, after line " + before;
  }

  /** Splits a line and unescapes its value, as java.util.Properties does. */
  private static final class Parser extends JupPropertiesReader {
    Parser() {
      super(Reader.nullReader());
    }

    void parse(String line) {
      parseProperty(line);
    }

    /** Keys need no escapes, and the tables for them cost 20 ms to load. */
    @Override
    protected String unescapePropertyName(String name) {
      return name;
    }

    boolean hasSeparator() {
      String separator = getPropertySeparator();
      return separator != null && !separator.isBlank();
    }
  }
}
