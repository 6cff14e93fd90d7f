package belay.cli.option;

import belay.conf.Configuration;
import belay.conf.ConfigurationSources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Options that change keys; see conf/belay.properties for all keys and the order of layers. */
public final class ConfigurationOptions {
  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set a key, for example train.epochs=20; belay config lists them all.")
  private List<String> assignments = new ArrayList<>();

  @Option(
      names = "--conf",
      paramLabel = "FILE",
      converter = FileWord.class,
      description = "Read keys from a file, or from conf/run/NAME.properties in the jar.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "Who computes: auto, cuda, cpu or reference.")
  private String backend;

  private final List<ConfigurationSources.Option> keys = new ArrayList<>();
  private String site;

  /** Everything but a run directory. */
  public Configuration load() {
    return Configuration.load(sources());
  }

  /**
   * With the configuration that a run has had before as the layer above the defaults.
   *
   * @param runProperties used if it exists
   */
  public Configuration load(Path runProperties) {
    ConfigurationSources sources = sources();
    return Configuration.load(
        Files.exists(runProperties) ? sources.withBase(runProperties) : sources);
  }

  /** How long a command of the scheduler may take. */
  public Duration schedulerTimeout() {
    return Duration.ofSeconds(load().settings().cluster().timeoutSeconds());
  }

  /** These options, and others over them. */
  public ConfigurationOptions and(ConfigurationOptions stronger) {
    ConfigurationOptions both = new ConfigurationOptions();
    Stream.of(this, stronger)
        .forEach(
            options -> {
              both.files.addAll(options.files);
              both.assignments.addAll(options.assignments);
              both.keys.addAll(options.keys);
              both.backend = options.backend == null ? both.backend : options.backend;
              both.site = options.site == null ? both.site : options.site;
            });
    return both;
  }

  /** Adds a key that the command line sets by itself. */
  public ConfigurationOptions with(String assignment) {
    assignments.add(assignment);
    return this;
  }

  /** Adds a key that an option of its own stands for. */
  ConfigurationOptions with(String option, String key, String value) {
    keys.add(new ConfigurationSources.Option(option, key + "=" + value));
    return this;
  }

  /** Chooses the site file, whatever BELAY_SITE says. */
  ConfigurationOptions atSite(String name) {
    site = name;
    return this;
  }

  /** The same options for another command, which need not start here. */
  public List<String> words() {
    List<String> words = new ArrayList<>();
    files.forEach(file -> words.addAll(List.of("--conf", file)));
    assignments.forEach(assignment -> words.addAll(List.of("--set", assignment)));
    if (backend != null) {
      words.addAll(List.of("--backend", backend));
    }
    return words;
  }

  /** Adds a file of keys below the assignments. */
  public ConfigurationOptions withFile(String file) {
    files.add(file);
    return this;
  }

  private ConfigurationSources sources() {
    ConfigurationSources sources =
        ConfigurationSources.of(System.getenv()).withFiles(files).withSet(assignments);
    if (backend != null) {
      sources = sources.withOption("--backend", "backend", backend);
    }
    for (ConfigurationSources.Option key : keys) {
      String[] sides = key.assignment().split("=", 2);
      sources = sources.withOption(key.name(), sides[0], sides[1]);
    }
    return site == null ? sources : sources.withSite(site);
  }
}
