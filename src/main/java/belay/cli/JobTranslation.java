package belay.cli;

import belay.cluster.BatchSystem;
import belay.cluster.JobTerms;
import belay.conf.ClusterSettings;
import belay.conf.QueueSettings;
import belay.conf.ResourceSettings;
import belay.error.ConfigurationException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** From the keys of a site to what one submission asks of its scheduler. */
final class JobTranslation {
  private static final String ANY = "any";
  private static final String PLACE = "{gpu}";

  private final ClusterSettings cluster;
  private final QueueSettings queue;
  private final ResourceSettings resources;
  private final List<String> names; // the site's, of the models that will do
  private final boolean isAny;

  private JobTranslation(ClusterSettings cluster) {
    this.cluster = cluster;
    this.queue = cluster.queue();
    this.resources = cluster.resources();
    isAny = resources.gpu().contains(ANY);
    names = isAny ? List.of() : resources.gpu().stream().map(this::siteName).toList();
  }

  static BatchSystem batchSystem(ClusterSettings cluster) {
    return BatchSystem.of(
        cluster.scheduler().name().toLowerCase(Locale.ROOT),
        Duration.ofSeconds(cluster.timeoutSeconds()));
  }

  /**
   * @throws ConfigurationException naming the key or option that does not fit the site
   */
  static JobTerms terms(ClusterSettings cluster, BatchSystem batch) {
    JobTranslation translation = new JobTranslation(cluster);
    translation.check(batch);
    return translation.terms(batch.name().equals("oar"));
  }

  private void check(BatchSystem batch) {
    if (queue.accountRequired() && queue.account().isEmpty()) {
      throw new ConfigurationException(
          batch.name().equals("oar")
              ? "This site wants a project for every job: give --project NAME, or set cluster.account"
              : "This site wants an account for every job: give --account NAME, or set cluster.account");
    }
    if (resources.walltime().compareTo(resources.walltimeMax()) > 0) {
      throw new ConfigurationException(
          "cluster.walltime (--time) = %s is longer than the site allows: cluster.walltime-max = %s"
              .formatted(text(resources.walltime()), text(resources.walltimeMax())));
    }
    if (batch.name().equals("slurm") && queue.besteffort() && !hasIdleQueue()) {
      throw new ConfigurationException(
          "--besteffort needs to know where jobs may be preempted: set cluster.besteffort-partition"
              + " or cluster.besteffort-qos");
    }
    boolean isOnlyGres = resources.gpuConstraint().isEmpty();
    if (batch.name().equals("slurm") && names.size() > 1 && isOnlyGres) {
      throw new ConfigurationException(
          "Slurm takes one model in --gres: give --gpu one of %s, or any"
              .formatted(resources.gpu()));
    }
  }

  private JobTerms terms(boolean isOar) {
    boolean idle = queue.besteffort();
    boolean warned = !isOar || !idle || queue.besteffortWarning();
    return new JobTerms(
        queue.account(),
        idle && !queue.besteffortPartition().isEmpty()
            ? queue.besteffortPartition()
            : queue.partition(),
        idle ? queue.besteffortQos() : queue.qos(),
        gres(),
        constraint(),
        properties(),
        hasGpu()
            ? resources.gpuResources()
            : resources.cpuResources().replace("{cpus}", Integer.toString(resources.cpus())),
        idle,
        warned ? cluster.earlySaveSeconds() : 0,
        resources.walltime(),
        resources.cpus(),
        resources.memoryMib());
  }

  private boolean hasIdleQueue() {
    return !queue.besteffortPartition().isEmpty() || !queue.besteffortQos().isEmpty();
  }

  private boolean hasGpu() {
    return !resources.gpu().isEmpty();
  }

  private String siteName(String model) {
    Map<String, String> known = resources.gpus();
    if (known.isEmpty()) {
      return model;
    }
    String name = known.get(model.toLowerCase(Locale.ROOT));
    if (name == null) {
      throw new ConfigurationException(
          "cluster.gpu (--gpu) = %s is not at this site: one of %s, or any"
              .formatted(model, String.join(", ", known.keySet())));
    }
    return name;
  }

  /** "gpu:{gpu}:1" without a model is "gpu:1". */
  private String gres() {
    if (!hasGpu()) {
      return "";
    }
    String template = resources.gpuGres();
    return names.size() == 1
        ? template.replace(PLACE, names.get(0))
        : template.replace(PLACE + ":", "");
  }

  private String constraint() {
    return names.stream()
        .map(name -> resources.gpuConstraint().replace(PLACE, name))
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining("|"));
  }

  private String properties() {
    String gpus =
        names.stream()
            .map(name -> resources.gpuProperties().replace(PLACE, name))
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining(" OR "));
    String site = queue.properties();
    if (gpus.isEmpty() || site.isEmpty()) {
      return gpus + site;
    }
    return "(" + site + ") AND (" + gpus + ")";
  }

  private static String text(Duration time) {
    return "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart());
  }
}
