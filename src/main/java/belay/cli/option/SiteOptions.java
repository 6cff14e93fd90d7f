package belay.cli.option;

import belay.cluster.BatchSystem;
import belay.cluster.JobRequest;
import belay.conf.settings.ClusterSettings;
import belay.conf.settings.RequestSettings;
import belay.submit.JobTranslation;
import belay.submit.Objections;
import belay.submit.Site;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Options of belay submit that say where jobs run: keys of cluster.*, and the scheduler's own. */
public final class SiteOptions {
  @Option(
      names = "--site",
      paramLabel = "NAME",
      converter = FileWord.class,
      description = "The cluster: conf/site/NAME.properties in the jar, or a file of your own.")
  private String site;

  @Option(
      names = "--local",
      description =
          "On this machine, without a scheduler: the same jobs as processes that outlive this shell,"
              + " runs one after the other or --together N; status and cancel know them. What"
              + " keys ask of a scheduler does not count; options for one are refused.")
  private boolean isLocal;

  @Option(
      names = "--gpu",
      paramLabel = "MODEL",
      description = "GPU to ask for, such as a100; any for whatever is free, none for none.")
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

  @Option(names = "--partition", paramLabel = "NAMES", description = "Slurm's partitions.")
  private String partition;

  @Option(names = "--qos", paramLabel = "NAME", description = "Slurm's quality of service.")
  private String qos;

  @Option(
      names = "--constraint",
      paramLabel = "FEATURES",
      description = "Nodes that will do, by Slurm's features: 'a100&nvlink'.")
  private String constraint;

  @Option(
      names = "--properties",
      paramLabel = "CONDITION",
      description = "Nodes that will do, by OAR's properties: 'mem > 64'.")
  private String properties;

  @Option(
      names = "--exclude",
      paramLabel = "NODES",
      description = "Nodes to keep away from, separated by commas.")
  private String exclude;

  @Option(names = "--reservation", paramLabel = "NAMES", description = "Slurm's reservations.")
  private String reservation;

  @Option(
      names = "--mail-type",
      paramLabel = "EVENTS",
      description = "What to tell by mail: END,FAIL and others of Slurm.")
  private String mailType;

  @Option(names = "--mail-user", paramLabel = "ADDRESS", description = "Whom to tell by mail.")
  private String mailUser;

  @Option(
      names = "--begin",
      paramLabel = "TIME",
      description = "Not to start before: 2026-12-24T20:00, and on Slurm also now+2hours or 20:00.")
  private String begin = "";

  @Option(
      names = "--dependency",
      paramLabel = "CONDITION",
      description = "Jobs to wait for: afterok:ID and others of Slurm, afterany:ID on OAR.")
  private String dependency = "";

  @Option(
      names = "--together",
      paramLabel = "N",
      description = "Of several runs at most so many at work at once, however long the list.")
  private String together;

  @Option(
      names = "--option",
      paramLabel = "WORD",
      description =
          "Any other option of sbatch or oarsub, as often as wanted: --option --nice=100.")
  private List<String> options = new ArrayList<>();

  public void applyTo(ConfigurationOptions configuration) {
    if (site != null) {
      configuration.atSite(name());
    }
    if (isLocal) {
      configuration.with("--local", "cluster.scheduler", "local");
    }
    asked().forEach(wish -> configuration.with(wish.option, wish.key, wish.value));
    if (together != null) {
      configuration.with("--together", "cluster.together", together);
    }
  }

  /** What a scheduler is asked for by a key. */
  private record Wish(String option, String key, String value) {}

  private List<Wish> asked() {
    return Stream.of(
            new Wish("--gpu", "cluster.gpu", gpu),
            new Wish("--besteffort", "cluster.besteffort", besteffort ? "true" : null),
            new Wish("--time", "cluster.walltime", time),
            new Wish("--account", "cluster.account", account),
            new Wish("--partition", "cluster.partition", partition),
            new Wish("--partition", "cluster.besteffort-partition", partition),
            new Wish("--qos", "cluster.qos", qos),
            new Wish("--qos", "cluster.besteffort-qos", qos),
            new Wish("--constraint", "cluster.constraint", constraint),
            new Wish("--properties", "cluster.properties", properties),
            new Wish("--exclude", "cluster.exclude", exclude),
            new Wish("--reservation", "cluster.reservation", reservation),
            new Wish("--mail-type", "cluster.mail-type", mailType),
            new Wish("--mail-user", "cluster.mail-user", mailUser))
        .filter(wish -> wish.value != null)
        .toList();
  }

  /**
   * The site that these options and the keys lead to.
   *
   * @param objections are given what was asked for here and the scheduler does not know
   * @throws belay.error.ConfigurationException if there is no scheduler
   */
  public Site of(ClusterSettings cluster, Objections objections) {
    BatchSystem batch = JobTranslation.batchSystem(cluster);
    check(batch.name(), objections);
    return new Site(batch, request(cluster.request()), variables());
  }

  private void check(String scheduler, Objections objections) {
    if (scheduler.equals("slurm")) {
      refuse("--properties", properties, "Slurm has no properties: give --constraint", objections);
    } else if (scheduler.equals("oar")) {
      refuse("--partition", partition, "OAR has queues: give -- -q NAME", objections);
      refuse("--qos", qos, "OAR has none: leave it out", objections);
      refuse("--constraint", constraint, "OAR has no features: give --properties", objections);
      refuse(
          "--reservation",
          reservation,
          "OAR knows the container's job: give -- -t inner=ID",
          objections);
    } else if (scheduler.equals("local")) {
      refuseAll(objections);
    }
  }

  /** Keys are a site's, for its scheduler, and do not count; what was given here was meant. */
  private void refuseAll(Objections objections) {
    Stream<String> wishes = asked().stream().map(Wish::option);
    Stream<String> start =
        Stream.of(begin.isEmpty() ? "" : "--begin", dependency.isEmpty() ? "" : "--dependency");
    Stream.concat(wishes, start)
        .filter(option -> !option.isEmpty())
        .forEach(
            option -> objections.add(option + " is for schedulers: leave it out with --local"));
    options.forEach(
        word ->
            objections.add(
                "'%s' is no option of belay submit, and there is no scheduler with --local: leave it out"
                    .formatted(word)));
  }

  private static void refuse(String option, String value, String why, Objections objections) {
    if (value != null) {
      objections.add("%s %s: %s".formatted(option, value, why));
    }
  }

  /** Adds words of the scheduler's own, as --option does. */
  public void addOptions(List<String> words) {
    options.addAll(words);
  }

  private JobRequest request(RequestSettings settings) {
    List<String> words = Stream.concat(settings.options().stream(), options.stream()).toList();
    return new JobRequest(
        settings.exclude(),
        settings.reservation(),
        settings.mailUser(),
        settings.mailType(),
        begin.strip(),
        dependency.strip(),
        words);
  }

  private Map<String, String> variables() {
    return site == null ? Map.of() : Map.of("BELAY_SITE", name());
  }

  /** A bare word names a file of the jar; a path must not depend on where the job starts. */
  private String name() {
    boolean isPath = site.contains("/") || site.endsWith(".properties");
    return isPath ? Path.of(site).toAbsolutePath().normalize().toString() : site;
  }
}
