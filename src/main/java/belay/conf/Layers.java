package belay.conf;

import belay.conf.settings.Entry;
import belay.conf.settings.Key;
import belay.conf.settings.Keys;
import belay.conf.settings.Problems;
import belay.log.Secrets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lays entries over one another: what comes later wins. */
final class Layers {
  private static final String DEFAULTS = "conf/belay.properties";

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<Entry> ignored = new ArrayList<>();
  private final Problems problems;

  Layers(Problems problems) {
    this.problems = problems;
  }

  /** All layers of the sources. */
  static Layers merge(ConfigurationSources sources, Problems problems) {
    Layers layers = new Layers(problems);
    defaults(problems).forEach(line -> layers.put(asDefault(line.entry())));
    sources.runFile().ifPresent(file -> layers.putOfRun(PropertyFile.read(file, problems)));
    for (TextFile file : sources.textFiles()) {
      PropertyFile.read(file, problems).forEach(line -> layers.put(line.entry()));
    }
    Environment.entries(sources.environment(), problems).forEach(layers::put);
    sources.options().forEach(layers::put);
    return layers;
  }

  /** The strongest entry of each key, in the order of conf/belay.properties. */
  Map<String, Entry> entries() {
    return entries;
  }

  /** Of keys that a run directory cannot set, what it says of them. */
  List<Entry> ignored() {
    return ignored;
  }

  private void putOfRun(List<PropertyFile.Line> lines) {
    for (PropertyFile.Line line : lines) {
      Key<?> key = Keys.named(line.entry().key());
      if (key == null || key.isOfRun()) {
        put(line.entry().withValue(Interpolation.literal(line.entry().value())));
      } else {
        ignored.add(line.entry());
      }
    }
  }

  /** What the jar holds, with comments. */
  static List<PropertyFile.Line> defaults(Problems problems) {
    return PropertyFile.read(TextFile.inJar(DEFAULTS), problems);
  }

  private static Entry asDefault(Entry entry) {
    return new Entry(entry.key(), entry.value(), Entry.DEFAULT);
  }

  private void put(Entry entry) {
    if (Keys.has(entry.key())) {
      entries.put(entry.key(), entry);
    } else {
      problems.add(
          Problems.quote(Secrets.hideAddress(entry.key()))
              + " ("
              + entry.source()
              + ") "
              + Spelling.unknown(entry.key(), entries.keySet()));
    }
  }

  private void put(ConfigurationSources.Option option) {
    String assignment = option.assignment();
    int equals = assignment.indexOf('=');
    if (equals < 1) {
      problems.add(
          option.name()
              + " "
              + Problems.quote(Secrets.hideAddress(assignment))
              + " must be KEY=VALUE");
    } else {
      String key = assignment.substring(0, equals).strip();
      put(new Entry(key, assignment.substring(equals + 1).strip(), option.name()));
    }
  }
}
