package belay.conf;

import belay.conf.settings.Entry;
import belay.conf.settings.Problems;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Replaces ${env:NAME} and ${KEY}, with a default as in ${env:NAME:-DEFAULT}; ${$} stands for $.
 * Nothing else is looked up: no script, file, name server or address.
 */
final class Interpolation {
  private static final String ENVIRONMENT = "env:";
  private static final String DOLLAR = "${$}";

  private static final String OPEN = "${";
  private static final String DEFAULT = ":-";

  // Far more than 120 keys need; they end values that refer to themselves, and that double.
  private static final int MOST_LOOKUPS = 1000;
  private static final int DEEPEST = 200;
  private static final int LONGEST = 1 << 20; // characters

  private final Map<String, Entry> entries;
  private final Map<String, String> environment;
  private int lookups;
  private String last;

  Interpolation(Map<String, Entry> entries, Map<String, String> environment) {
    this.entries = entries;
    this.environment = environment;
  }

  /** All entries with their values replaced; the ones that cannot be are reported and left out. */
  Map<String, Entry> replaceAll(Problems problems) {
    Map<String, Entry> replaced = new LinkedHashMap<>();
    entries.forEach(
        (key, entry) -> {
          try {
            replaced.put(key, entry.withValue(replace(entry.value())));
            if (isOpen(entry.value(), replaced.get(key).value())) {
              problems.add(entry, "has ${ without }");
            }
          } catch (IllegalArgumentException e) {
            problems.add(entry, missing());
          } catch (IllegalStateException e) {
            problems.add(entry, "refers to itself, or to far too many others");
          }
        });
    return replaced;
  }

  /** The text that is replaced by the given one. */
  static String escape(String value) {
    return value.replace("${", DOLLAR + "{");
  }

  /**
   * A value of a run directory, where all were replaced before they were written: others may write
   * there, and must not learn what stands in this user's environment.
   */
  static String literal(String value) {
    return escape(value.replace(DOLLAR + "{", OPEN));
  }

  private String replace(String value) {
    if (!value.contains(OPEN)) {
      return value;
    }
    lookups = 0;
    return expand(value, 0).strip();
  }

  /**
   * @param depth of the texts that this one stands in
   */
  private String expand(String text, int depth) {
    if (depth > DEEPEST) {
      throw new IllegalStateException();
    }
    StringBuilder expanded = new StringBuilder();
    int at = 0;
    int open = text.indexOf(OPEN);
    int close = close(text, open);
    while (close >= 0) {
      expanded.append(text, at, open);
      String inner = expand(text.substring(open + OPEN.length(), close), depth + 1);
      expanded.append(expand(value(inner), depth + 1));
      if (expanded.length() > LONGEST) {
        throw new IllegalStateException();
      }
      at = close + 1;
      open = text.indexOf(OPEN, at);
      close = close(text, open);
    }
    return expanded.append(text, at, text.length()).toString();
  }

  /** Place of the } that belongs to a ${; -1 if there is none. */
  private static int close(String text, int open) {
    int inner = 0;
    for (int i = open + OPEN.length(); open >= 0 && i < text.length(); i++) {
      if (text.startsWith(OPEN, i)) {
        inner++;
      } else if (text.charAt(i) == '}' && inner-- == 0) {
        return i;
      }
    }
    return -1;
  }

  /**
   * @param inner NAME or NAME:-DEFAULT
   */
  private String value(String inner) {
    int cut = inner.indexOf(DEFAULT);
    String found = lookUp(cut < 0 ? inner : inner.substring(0, cut));
    if (found == null && cut < 0) {
      throw new IllegalArgumentException();
    }
    return found == null ? inner.substring(cut + DEFAULT.length()) : found;
  }

  private boolean isOpen(String value, String replaced) {
    return replaced.contains("${") && replace(value.replace(DOLLAR, " ")).contains("${");
  }

  private String lookUp(String name) {
    if (++lookups > MOST_LOOKUPS) {
      throw new IllegalStateException();
    }
    last = name;
    if (name.equals("$")) {
      return "$";
    }
    if (name.startsWith(ENVIRONMENT)) {
      return environment.get(name.substring(ENVIRONMENT.length()));
    }
    Entry entry = entries.get(name);
    return entry == null ? null : entry.value();
  }

  private String missing() {
    String name = Problems.quote(last);
    if (last.startsWith(ENVIRONMENT)) {
      return "needs the environment variable "
          + name.substring(ENVIRONMENT.length())
          + ", which is not set; set it or write ${"
          + name
          + ":-DEFAULT}";
    }
    return Spelling.nearest(last, entries.keySet())
        .map(guess -> "needs ${" + name + "}, did you mean ${" + guess + "}?")
        .orElse("needs ${" + name + "}, but only ${env:NAME} and ${KEY} are replaced");
  }
}
