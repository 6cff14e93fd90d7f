package belay.cli;

import belay.checkpoint.RunDirectory;
import belay.cluster.BatchSystem;
import belay.cluster.JobBody;
import belay.cluster.JobLookup;
import belay.cluster.JobState;
import belay.cluster.Submission;
import belay.cluster.SubmittedJob;
import belay.conf.ClusterSettings;
import belay.conf.Settings;
import belay.error.BusyException;
import belay.error.ConfigurationException;
import belay.storage.DiskProblem;
import belay.storage.PlainFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives work to a cluster. */
@Command(
    name = "submit",
    description = {
      "Submits jobs to Slurm or OAR: writes their scripts into RUN/jobs and prints their ids. A job"
          + " that is preempted or reaches its time limit comes back by itself until the stage is"
          + " complete; pipeline submits train, extract and classify, each after the one before"
          + " (jobs/slurm/pipeline.sbatch and jobs/oar/pipeline.sh are all three in one job). Several"
          + " runs make an array. A run that has a job already is refused.",
      ""
    })
final class SubmitCommand implements Callable<Integer> {
  /** What a job may do. */
  enum Stage {
    TRAIN,
    EXTRACT,
    CLASSIFY,
    PIPELINE
  }

  @Parameters(
      paramLabel = "STAGE",
      description = "train, extract, classify, or pipeline for all three.")
  private Stage stage;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      arity = "1..*",
      description = "The run directory, or several, each a job of its own.")
  private List<Path> runs = new ArrayList<>();

  @Option(
      names = "--runs",
      paramLabel = "FILE",
      description = "Also the run directories of a file, one a line; # begins a comment.")
  private Path list;

  @Option(names = "--dry-run", description = "Show the scripts, and neither write nor submit.")
  private boolean isDry;

  @Mixin private SiteOptions site;
  @Mixin private ConfigurationOptions configuration;

  @Override
  public Integer call() {
    List<Path> all = directories();
    site.applyTo(configuration);
    Settings settings = configuration.load().settings();
    all.forEach(this::checkImages);
    ClusterSettings cluster = settings.cluster();
    BatchSystem batch = JobTranslation.batchSystem(cluster);
    Submission submission =
        new Submission(
            batch,
            stages(cluster, all.size()),
            all,
            JobTranslation.terms(cluster, batch),
            new JobBody(
                Path.of("").toAbsolutePath(), variables(cluster, batch), configuration.words()));
    if (isDry) {
      submission.preview().forEach(script -> show(script));
    } else {
      refuseSecond(all, cluster);
      submission.submit(SubmitCommand::report);
    }
    return 0;
  }

  private static void show(Submission.Written script) {
    System.out.printf("# %s%n%s%n", script.file(), script.text());
  }

  private static void report(Path run, SubmittedJob job) {
    System.out.printf("%s %s %s%n", job.job(), job.stage(), run);
  }

  /**
   * Where jobs come back as new ones, a task of an array cannot be waited for by the same task of
   * another array: there, a job does all stages of its run.
   */
  private List<String> stages(ClusterSettings cluster, int runs) {
    boolean isChain = cluster.requeue() != ClusterSettings.Requeue.SBATCH || runs == 1;
    return stage == Stage.PIPELINE && isChain
        ? List.of("train", "extract", "classify")
        : List.of(stage.name().toLowerCase(Locale.ROOT));
  }

  private List<Path> directories() {
    List<Path> all = new ArrayList<>();
    runs.forEach(run -> all.add(run.toAbsolutePath().normalize()));
    if (list != null) {
      all.addAll(listed());
    }
    if (all.isEmpty()) {
      throw new ConfigurationException("Give --run DIR, or a list of runs with --runs FILE");
    }
    if (new HashSet<>(all).size() < all.size()) {
      throw new ConfigurationException("A run directory is given twice: two jobs cannot share one");
    }
    return all;
  }

  private List<Path> listed() {
    try {
      return new String(PlainFile.readGiven(list, PlainFile.SMALL), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .map(line -> Path.of(line).toAbsolutePath().normalize())
          .toList();
    } catch (IOException e) {
      throw DiskProblem.of("read the list of runs", list, e);
    }
  }

  /** What would fail after hours in the queue fails now. */
  private void checkImages(Path run) {
    configuration.load(RunDirectory.at(run).properties()).settings().data().requireDir();
  }

  /**
   * A second job would find the run in use. Of a scheduler that cannot be asked nothing is known;
   * one of another cluster does not matter.
   */
  private static void refuseSecond(List<Path> runs, ClusterSettings cluster) {
    Map<Path, List<SubmittedJob>> jobs = new TreeMap<>();
    runs.forEach(run -> jobs.put(run, RunJobs.submitted(RunDirectory.at(run))));
    Map<SubmittedJob, JobState> states =
        new JobLookup(Duration.ofSeconds(cluster.timeoutSeconds()))
            .states(jobs.values().stream().flatMap(List::stream).toList());
    jobs.forEach(
        (run, some) ->
            some.stream()
                .map(states::get)
                .filter(state -> state != null && state.isActive())
                .findFirst()
                .ifPresent(state -> refuse(run, state)));
  }

  private static void refuse(Path run, JobState job) {
    throw new BusyException(
        "%s has a job already: %s %s is %s. See belay status; belay cancel ends it"
            .formatted(run, job.submitted().stage(), job.job(), job.word()));
  }

  /** All of BELAY_* that was set here, since OAR passes no environment on, and the site's own. */
  private Map<String, String> variables(ClusterSettings cluster, BatchSystem batch) {
    Map<String, String> variables = new TreeMap<>();
    System.getenv().forEach((name, value) -> putIfBelay(name, value, variables));
    variables.put("BELAY_JAR", ThisJar.path().toString());
    variables.putAll(site.variables());
    putIfAny("BELAY_MODULES", cluster.job().modules(), variables);
    putIfAny("BELAY_ENVIRONMENT", cluster.job().environment(), variables);
    putIfAny("BELAY_TMPDIR", cluster.job().tmpdir().map(Path::toString).orElse(""), variables);
    if (batch.name().equals("slurm")) {
      variables.put("BELAY_REQUEUE", cluster.requeue().name().toLowerCase(Locale.ROOT));
    }
    return variables;
  }

  private static void putIfBelay(String name, String value, Map<String, String> variables) {
    boolean isOfAJob = name.equals("BELAY_JOB_BEGAN") || name.startsWith("BELAY_TEST_");
    if (name.matches("BELAY_[A-Z0-9_]+") && !isOfAJob) {
      putIfAny(name, value, variables);
    }
  }

  private static void putIfAny(String name, String value, Map<String, String> variables) {
    if (!value.isBlank()) {
      variables.put(name, value);
    }
  }
}
