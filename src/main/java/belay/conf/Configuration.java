package belay.conf;

import belay.conf.settings.Entry;
import belay.conf.settings.Key;
import belay.conf.settings.Keys;
import belay.conf.settings.Problems;
import belay.conf.settings.Settings;
import belay.conf.settings.Values;
import belay.error.ConfigurationException;
import belay.log.Secrets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** What a process works with: typed settings, and the entries that they were read from. */
public final class Configuration {
  private final Map<String, Entry> entries;
  private final List<Entry> ignored;
  private final Settings settings;

  private Configuration(Map<String, Entry> entries, List<Entry> ignored) {
    this.entries = Collections.unmodifiableMap(entries);
    this.ignored = List.copyOf(ignored);
    this.settings = Settings.of(new Values(entries));
  }

  /**
   * Reads all sources, lays them over one another, replaces ${...} and checks the result.
   *
   * @throws ConfigurationException with every problem found, in one line
   */
  public static Configuration load(ConfigurationSources sources) {
    Problems problems = new Problems();
    Layers layers = Layers.merge(sources, problems);
    Map<String, Entry> entries =
        new Interpolation(layers.entries(), sources.environment()).replaceAll(problems);
    new Values(entries).check(problems);
    problems.throwIfAny();
    return new Configuration(entries, layers.ignored());
  }

  /**
   * What a file keeps of the configuration that made it, as far as a run directory remembers it.
   * Keys that this version lacks, and values of which the file hides a part, are the defaults.
   *
   * @param kept values by key
   * @throws ConfigurationException if a value is none
   */
  public static Configuration of(Map<String, String> kept) {
    List<String> assignments =
        kept.entrySet().stream()
            .filter(entry -> Keys.has(entry.getKey()) && Keys.named(entry.getKey()).isOfRun())
            .filter(entry -> !entry.getValue().contains(Secrets.HIDDEN))
            .map(entry -> entry.getKey() + "=" + Interpolation.escape(entry.getValue()))
            .toList();
    return load(ConfigurationSources.of(Map.of()).withSet(assignments));
  }

  /**
   * What a run directory keeps, without options and environment.
   *
   * @throws ConfigurationException if the file is not one that this version reads
   */
  public static Configuration kept(Path runProperties) {
    return load(ConfigurationSources.of(Map.of()).withBase(runProperties));
  }

  public Settings settings() {
    return settings;
  }

  /** Every key with its effective value and its source, in the order of belay.properties. */
  public Map<String, Entry> entries() {
    return entries;
  }

  /**
   * The same values without what is secret in addresses, for every file and page that others may
   * read.
   */
  public SortedMap<String, String> shown() {
    Map<String, String> values = new LinkedHashMap<>();
    entries.forEach((key, entry) -> values.put(key, entry.value()));
    return Secrets.hide(values);
  }

  /**
   * What a run directory says of keys that are not taken from there, unless it is what holds
   * anyway.
   */
  public List<Entry> ignored() {
    return ignored.stream()
        .filter(entry -> !entry.value().equals(entries.get(entry.key()).value()))
        .toList();
  }

  /**
   * With other values of some keys, whoever has said them before.
   *
   * @param values by key
   * @param source who says so
   * @throws ConfigurationException if a value is none
   */
  public Configuration with(Map<String, String> values, String source) {
    Map<String, Entry> changed = new LinkedHashMap<>(entries);
    values.forEach((key, value) -> changed.put(key, new Entry(key, value, source)));
    Problems problems = new Problems();
    new Values(changed).check(problems);
    problems.throwIfAny();
    return new Configuration(changed, ignored);
  }

  /** Entries that say something else here than there; 1e-3 and 0.001 are the same. */
  public Map<String, Entry> differences(Configuration other) {
    return new Values(entries).differences(new Values(other.entries));
  }

  /** Entries that say something else here than these texts, by key, do; others are not compared. */
  public Map<String, Entry> differences(Map<String, String> texts) {
    Map<String, Entry> others = new LinkedHashMap<>(entries);
    others.replaceAll((key, entry) -> entry.withValue(texts.getOrDefault(key, entry.value())));
    return new Values(entries).differences(new Values(others));
  }

  /**
   * The effective values of the keys that a run directory remembers, as a file that {@link
   * ConfigurationSources#withBase} reads back to the same values. Variables are replaced: the file
   * means the same on any machine.
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
      if (!Keys.named(entry.key()).isOfRun()) {
        continue;
      }
      String effective = Secrets.hide(replacements.getOrDefault(entry.key(), entry.value()));
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
        key.range(),
        line.comment().isEmpty() ? "" : line.comment().get(0),
        key.isOfRun());
  }
}
