package belay.conf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a configuration comes from, weakest first: the defaults in the jar, the base, the site
 * file, the experiment files, the environment, the options.
 *
 * @param base run.properties of the run directory that is resumed
 * @param environment its BELAY_SITE chooses the site file, its BELAY_STAGE_KEY set keys
 * @param files experiment files in the order of --conf, later ones win; a bare word such as quick
 *     is conf/run/quick.properties in the jar
 * @param options assignments of the command line, later ones win
 */
public record ConfigurationSources(
    Optional<Path> base,
    Map<String, String> environment,
    List<String> files,
    List<Option> options) {

  /**
   * An assignment of the command line.
   *
   * @param name such as --set
   * @param assignment KEY=VALUE
   */
  public record Option(String name, String assignment) {}

  private static final String SITES = "conf/site";
  private static final String RUNS = "conf/run";

  public ConfigurationSources {
    environment = Map.copyOf(environment);
    files = List.copyOf(files);
    options = List.copyOf(options);
  }

  /** The defaults and what the environment says. */
  public static ConfigurationSources of(Map<String, String> environment) {
    return new ConfigurationSources(Optional.empty(), environment, List.of(), List.of());
  }

  public ConfigurationSources withBase(Path runProperties) {
    return new ConfigurationSources(Optional.of(runProperties), environment, files, options);
  }

  /** Adds experiment files: what --conf was given. */
  public ConfigurationSources withFiles(List<String> more) {
    return new ConfigurationSources(base, environment, joined(files, more), options);
  }

  /** Chooses the site file, whatever the environment says: what --site was given. */
  public ConfigurationSources withSite(String site) {
    Map<String, String> chosen = new HashMap<>(environment);
    chosen.put(Environment.SITE, site);
    return new ConfigurationSources(base, chosen, files, options);
  }

  /** Adds KEY=VALUE assignments: what --set was given. */
  public ConfigurationSources withSet(List<String> assignments) {
    List<Option> more = assignments.stream().map(text -> new Option("--set", text)).toList();
    return new ConfigurationSources(base, environment, files, joined(options, more));
  }

  /** Adds an option of its own that stands for a key, such as --backend. */
  public ConfigurationSources withOption(String name, String key, String value) {
    List<Option> more = List.of(new Option(name, key + "=" + value));
    return new ConfigurationSources(base, environment, files, joined(options, more));
  }

  /** The base. */
  Optional<TextFile> runFile() {
    return base.map(path -> TextFile.ofRun(path.toString()));
  }

  /** Site and experiment files, weakest first. */
  List<TextFile> textFiles() {
    List<TextFile> all = new ArrayList<>();
    String site = environment.getOrDefault(Environment.SITE, "").strip();
    if (!site.isEmpty()) {
      all.add(TextFile.named(site, SITES));
    }
    files.forEach(file -> all.add(TextFile.named(file, RUNS)));
    return all;
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
