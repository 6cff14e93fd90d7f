package belay.cli;

import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options of belay submit that stand for keys of cluster.*. */
final class SiteOptions {
  @Option(
      names = "--site",
      paramLabel = "NAME",
      description = "The cluster: conf/site/NAME.properties in the jar, or a file of your own.")
  private String site;

  @Option(
      names = "--gpu",
      paramLabel = "MODEL",
      description = "GPU to ask for, such as a100; any for whatever is free.")
  private String gpu;

  @Option(names = "--besteffort", description = "On idle nodes, where jobs may be preempted.")
  private boolean besteffort;

  @Option(names = "--time", paramLabel = "H:MM:SS", description = "Time limit of each job.")
  private String time;

  @Option(
      names = {"--account", "--project"},
      paramLabel = "NAME",
      description = "Who pays: Slurm's account or OAR's project.")
  private String account;

  void applyTo(ConfigurationOptions configuration) {
    if (site != null) {
      configuration.atSite(name());
    }
    set(configuration, "--gpu", "cluster.gpu", gpu);
    set(configuration, "--besteffort", "cluster.besteffort", besteffort ? "true" : null);
    set(configuration, "--time", "cluster.walltime", time);
    set(configuration, "--account", "cluster.account", account);
  }

  private static void set(
      ConfigurationOptions configuration, String option, String key, String value) {
    if (value != null) {
      configuration.with(option, key, value);
    }
  }

  /** For the jobs, which find the same site. */
  Map<String, String> variables() {
    return site == null ? Map.of() : Map.of("BELAY_SITE", name());
  }

  /** A bare word names a file of the jar; a path must not depend on where the job starts. */
  private String name() {
    boolean isPath = site.contains("/") || site.endsWith(".properties");
    return isPath ? Path.of(site).toAbsolutePath().normalize().toString() : site;
  }
}
