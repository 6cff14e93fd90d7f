package belay.submit;

import belay.cluster.BatchSystem;
import belay.cluster.JobRequest;
import belay.cluster.JobTerms;
import belay.conf.settings.ClusterSettings;
import belay.conf.settings.QueueSettings;
import belay.conf.settings.ResourceSettings;
import belay.conf.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** From the keys of a site to what one submission asks of its scheduler. */
public final class JobTranslation {
  private static final String ANY = "any";
  private static final String ASK = "ask";
  private static final String PLACE = "{gpu}";

  private final Settings settings;
  private final ClusterSettings cluster;
  private final QueueSettings queue;
  private final ResourceSettings resources;
  private final List<String> models; // that will do; none for no GPU
  private final List<String> names; // the site's, of the models

  private JobTranslation(Settings settings) {
    this.settings = settings;
    this.cluster = settings.cluster();
    this.queue = cluster.queue();
    this.resources = cluster.resources();
    models = resources.gpu().equals(List.of(ASK)) ? List.of() : resources.gpu();
    names =
        models.contains(ANY)
            ? List.of()
            : models.stream().map(this::siteName).filter(Objects::nonNull).toList();
  }

  public static BatchSystem batchSystem(ClusterSettings cluster) {
    return BatchSystem.of(
        cluster.scheduler().name().toLowerCase(Locale.ROOT),
        Duration.ofSeconds(cluster.timeoutSeconds()));
  }

  /**
   * @param together jobs that may run at once; 0 for any number
   * @param objections are given every key or option that does not fit the site
   */
  static JobTerms terms(
      Settings settings,
      BatchSystem batch,
      JobRequest request,
      int together,
      Objections objections) {
    JobTranslation translation = new JobTranslation(settings);
    JobTerms terms = translation.terms(batch.name().equals("oar"), request, together);
    if (!batch.name().equals("local")) {
      translation.check(batch, objections);
      objections.unless(() -> batch.check(terms));
    }
    return terms;
  }

  private void check(BatchSystem batch, Objections objections) {
    boolean isSlurm = batch.name().equals("slurm");
    if (queue.accountRequired() && queue.account().isEmpty()) {
      objections.add(
          isSlurm
              ? "This site wants an account for every job: give --account NAME, or set cluster.account"
              : "This site wants a project for every job: give --project NAME, or set cluster.account");
    }
    if (resources.walltime().compareTo(resources.walltimeMax()) > 0) {
      objections.add(
          "cluster.walltime (--time) = %s is longer than the site allows: cluster.walltime-max = %s"
              .formatted(text(resources.walltime()), text(resources.walltimeMax())));
    }
    if (isSlurm && queue.besteffort() && !hasIdleQueue()) {
      objections.add(
          "--besteffort needs to know where jobs may be preempted: set cluster.besteffort-partition"
              + " or cluster.besteffort-qos");
    }
    checkGpu(isSlurm, objections);
  }

  private void checkGpu(boolean isSlurm, Objections objections) {
    if (resources.gpu().equals(List.of(ASK)) && mayUseGpu()) {
      objections.add("Which GPU? Give --gpu MODEL, --gpu any, or --gpu none for processors alone");
    }
    if (!models.contains(ANY)) {
      models.stream()
          .filter(model -> siteName(model) == null)
          .map(
              model ->
                  "cluster.gpu (--gpu) = %s is not at this site: one of %s, or any"
                      .formatted(model, String.join(", ", resources.gpus().keySet())))
          .forEach(objections::add);
    }
    if (isSlurm && names.size() > 1 && resources.gpuConstraint().isEmpty()) {
      objections.add(
          "Slurm takes one model in --gres: give --gpu one of %s, or any".formatted(models));
    }
  }

  /** Whether jobs get a GPU and are not told to compute without. */
  static boolean computesOnGpu(Settings settings) {
    JobTranslation translation = new JobTranslation(settings);
    return translation.hasGpu() && translation.mayUseGpu();
  }

  /** Whether a job without a GPU would be a surprise. */
  private boolean mayUseGpu() {
    return switch (settings.backend()) {
      case AUTO, CUDA -> true;
      case CPU, REFERENCE -> false;
    };
  }

  private JobTerms terms(boolean isOar, JobRequest request, int together) {
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
        resources.memoryMib(),
        together,
        request);
  }

  private boolean hasIdleQueue() {
    return !queue.besteffortPartition().isEmpty() || !queue.besteffortQos().isEmpty();
  }

  private boolean hasGpu() {
    return !models.isEmpty();
  }

  /** Null for a model that is not there. */
  private String siteName(String model) {
    Map<String, String> known = resources.gpus();
    return known.isEmpty() ? model : known.get(model.toLowerCase(Locale.ROOT));
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
    String gpus =
        names.stream()
            .map(name -> resources.gpuConstraint().replace(PLACE, name))
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining("|"));
    return joined(cluster.request().constraint(), gpus, "(%s)&(%s)");
  }

  private String properties() {
    String gpus =
        names.stream()
            .map(name -> resources.gpuProperties().replace(PLACE, name))
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining(" OR "));
    return joined(queue.properties(), gpus, "(%s) AND (%s)");
  }

  private static String joined(String asked, String gpus, String both) {
    return asked.isEmpty() || gpus.isEmpty() ? asked + gpus : both.formatted(asked, gpus);
  }

  private static String text(Duration time) {
    return "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart());
  }
}
