package belay.submit;

import belay.cluster.BatchSystem;
import belay.conf.settings.ClusterSettings;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Environment variables of jobs, by name. */
final class JobVariables {
  private final Map<String, String> variables = new TreeMap<>();

  private JobVariables() {}

  /**
   * All of BELAY_* that is set here, since OAR passes no environment on, and the site's own.
   *
   * @param site by which jobs find the site of the submission
   * @param jar that jobs start
   * @param lastStage of the submission, after which nothing follows
   * @param atOnce jobs that share this machine, where there is no scheduler
   */
  static Map<String, String> of(
      ClusterSettings cluster,
      BatchSystem batch,
      Map<String, String> site,
      Path jar,
      String lastStage,
      int atOnce) {
    JobVariables all = new JobVariables();
    System.getenv().forEach(all::putIfBelay);
    all.put("BELAY_JAR", jar.toString());
    site.forEach(all::put);
    all.put("BELAY_MODULES", cluster.job().modules());
    all.put("BELAY_ENVIRONMENT", cluster.job().environment());
    all.put("BELAY_TMPDIR", cluster.job().tmpdir().map(Path::toString).orElse(""));
    if (!cluster.notice().isBlank()) {
      all.put("BELAY_NOTIFY", cluster.notice());
      all.put("BELAY_LAST_STAGE", lastStage);
    }
    if (batch.name().equals("slurm")) {
      all.put("BELAY_REQUEUE", cluster.requeue().name().toLowerCase(Locale.ROOT));
    }
    if (batch.name().equals("local")) {
      int share = Runtime.getRuntime().availableProcessors() / atOnce;
      all.put("BELAY_LOCAL_CPUS", Integer.toString(Math.max(1, share)));
    }
    return all.variables;
  }

  private void putIfBelay(String name, String value) {
    boolean isOfAJob =
        name.equals("BELAY_JOB_BEGAN")
            || name.equals("BELAY_LAST_STAGE")
            || name.startsWith("BELAY_LOCAL_")
            || name.startsWith("BELAY_TEST_");
    if (name.matches("BELAY_[A-Z0-9_]+") && !isOfAJob) {
      put(name, value);
    }
  }

  private void put(String name, String value) {
    if (!value.isBlank()) {
      variables.put(name, value);
    }
  }
}
