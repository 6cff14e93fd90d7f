package belay.conf;

import belay.error.ConfigurationException;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What a process works with: typed settings, and the entries that they were read from. */
public final class Configuration {
  private final Map<String, Entry> entries;
  private final Settings settings;

  private Configuration(Map<String, Entry> entries) {
    this.entries = Collections.unmodifiableMap(entries);
    this.settings = Settings.of(new Values(entries));
  }

  /**
   * Reads all sources, lays them over one another, replaces ${...} and checks the result.
   *
   * @throws ConfigurationException with every problem found, in one line
   */
  public static Configuration load(ConfigurationSources sources) {
    Problems problems = new Problems();
    Map<String, Entry> merged = Layers.merge(sources, problems);
    Map<String, Entry> entries =
        new Interpolation(merged, sources.environment()).replaceAll(problems);
    new Values(entries).check(problems);
    problems.throwIfAny();
    return new Configuration(entries);
  }

  public Settings settings() {
    return settings;
  }

  /** Every key with its effective value and its source, in the order of belay.properties. */
  public Map<String, Entry> entries() {
    return entries;
  }

  /** Entries that say something else here than there; 1e-3 and 0.001 are the same. */
  public Map<String, Entry> differences(Configuration other) {
    return new Values(entries).differences(new Values(other.entries));
  }

  /**
   * The effective values as a file that {@link ConfigurationSources#withBase} reads back to the
   * same values. Variables are replaced: the file means the same on any machine.
   */
  public String toProperties() {
    return toProperties(Map.of());
  }

  /**
   * @param replacements values by key to write instead of the effective ones
   */
  public String toProperties(Map<String, String> replacements) {
    StringBuilder text = new StringBuilder();
    for (Entry entry : entries.values()) {
      String effective = replacements.getOrDefault(entry.key(), entry.value());
      // Values have neither control characters nor space around them: nothing else needs escapes.
      String value = Interpolation.escape(effective).replace("\\", "\\\\");
      text.append(entry.key()).append(" = ").append(value).append('\n');
    }
    return text.toString();
  }

  /** All keys, in the order of belay.properties. */
  public static List<KeyDescription> describeKeys() {
    Problems problems = new Problems();
    List<PropertyFile.Line> defaults = Layers.defaults(problems);
    problems.throwIfAny();
    return defaults.stream().map(Configuration::describe).toList();
  }

  private static KeyDescription describe(PropertyFile.Line line) {
    Key<?> key = Keys.named(line.entry().key());
    return new KeyDescription(
        key.name(),
        key.environmentName(),
        line.entry().value(),
        key.rule().range(),
        line.comment().isEmpty() ? "" : line.comment().get(0));
  }
}
