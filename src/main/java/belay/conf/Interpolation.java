package belay.conf;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.text.StringSubstitutor;

/**
 * Replaces ${env:NAME} and ${KEY}, with a default as in ${env:NAME:-DEFAULT}; ${$} stands for $.
 * Nothing else is looked up: no script, file, name server or address.
 */
final class Interpolation {
  private static final String ENVIRONMENT = "env:";
  private static final String DOLLAR = "${$}";

  /** Far more than 50 keys need; ends values that double themselves. */
  private static final int MOST_LOOKUPS = 1000;

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

  private String replace(String value) {
    if (!value.contains("${")) {
      return value;
    }
    lookups = 0;
    return new StringSubstitutor(this::lookUp)
        .setEnableUndefinedVariableException(true)
        .setEnableSubstitutionInVariables(true)
        // The library's own $${ stays as it is where no } follows: one escape is enough.
        .setEscapeChar('\0')
        .replace(value)
        .strip();
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
