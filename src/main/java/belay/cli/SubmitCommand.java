package belay.cli;

import belay.checkpoint.RunDirectory;
import belay.cli.option.ConfigurationOptions;
import belay.cli.option.RunPath;
import belay.cli.option.SiteOptions;
import belay.cluster.BatchSystem;
import belay.cluster.JobPlace;
import belay.cluster.Submission;
import belay.cluster.SubmittedJob;
import belay.conf.Configuration;
import belay.error.ConfigurationException;
import belay.log.Secrets;
import belay.submit.BusyRuns;
import belay.submit.Objections;
import belay.submit.Site;
import belay.submit.SubmitLocks;
import belay.submit.SubmitPlan;
import belay.submit.WantedRun;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Gives work to a cluster. */
@Command(
    name = "submit",
    description = {
      "Submits jobs to Slurm or OAR, or starts them here with --local: writes their scripts, with a"
          + " copy of this program, into RUN/jobs, and prints their ids. A job that is preempted or"
          + " reaches its time limit comes back by itself until the stage is complete; pipeline"
          + " submits train, extract and classify, each after the one before"
          + " (jobs/slurm/pipeline.sbatch and jobs/oar/pipeline.sh are all three in one job)."
          + " Several runs make arrays.",
      "",
      "What would fail after hours in the queue is refused now, all at once: images that are not"
          + " there, a full disk, no java, unknown modules. So is a run that has a job already. A run"
          + " that is complete is left alone.",
      "",
      "Where others may write into the run directory, what jobs execute lies in a directory of"
          + " your own instead, and the line scripts=DIRECTORY says where: nobody else can put"
          + " something in its place.",
      ""
    })
final class SubmitCommand implements Callable<Integer> {
  private static final System.Logger LOG = System.getLogger("belay.cluster");

  /** What a job may do. */
  enum Stage {
    TRAIN,
    EXTRACT,
    CLASSIFY,
    PIPELINE;

    /** As users write it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Picocli's own message has the constants' names. */
  static final class StageName implements ITypeConverter<Stage> {
    @Override
    public Stage convert(String text) {
      return Arrays.stream(Stage.values())
          .filter(stage -> stage.toString().equalsIgnoreCase(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "expected one of %s, not %s"
                          .formatted(
                              Arrays.stream(Stage.values())
                                  .map(Stage::toString)
                                  .collect(Collectors.joining(", ")),
                              text)));
    }
  }

  @Parameters(
      index = "0",
      paramLabel = "STAGE",
      converter = StageName.class,
      description = "train, extract, classify, or pipeline for all three.")
  private Stage stage;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "OPTION",
      description = "After --: any options of sbatch or oarsub, as with --option.")
  private List<String> rest = new ArrayList<>();

  @Option(
      names = "--run",
      paramLabel = "DIR",
      arity = "1..*",
      converter = RunPath.class,
      description = "The run directory, or several, each a job of its own.")
  private List<Path> runs = new ArrayList<>();

  @Option(
      names = "--runs",
      paramLabel = "FILE",
      description =
          "Also the runs of a file, one a line: a run directory and its own --set, --conf or"
              + " --backend, separated by blanks, or by tabs alone where the line has one; no quotes,"
              + " # begins a comment line.")
  private Path list;

  @Option(names = "--dry-run", description = "Show the scripts, and neither write nor submit.")
  private boolean isDry;

  @Option(
      names = "--no-check",
      description =
          "Only warn of images, java, modules and room that this machine does not see, for nodes"
              + " that see more.")
  private boolean isUnchecked;

  @Mixin private SiteOptions site;
  @Mixin private ConfigurationOptions configuration;

  @Override
  public Integer call() {
    site.applyTo(configuration);
    site.addOptions(rest);
    Objections objections = new Objections();
    SubmitPlan plan = plan(objections);
    Objections doubts = isDry || isUnchecked ? new Objections() : objections;
    plan.look(SubmitCommand::place, doubts);
    objections.raise();
    doubts.tell(LOG);
    if (isDry && !plan.isEmpty()) {
      show(plan.batch(), plan.submission(SubmitCommand::place));
    } else if (!plan.isEmpty()) {
      submit(plan);
    }
    return 0;
  }

  private SubmitPlan plan(Objections objections) {
    Configuration common = configuration.load();
    Site where = site.of(common.settings().cluster(), objections);
    List<WantedRun> wanted = new ArrayList<>();
    runs().forEach(line -> objections.unless(() -> wanted.add(wanted(line))));
    return new SubmitPlan(stage.toString(), wanted, common, where, objections);
  }

  private WantedRun wanted(RunList.Line line) {
    ConfigurationOptions all = configuration.and(line.options());
    Path properties = RunDirectory.at(line.directory()).properties();
    return new WantedRun(line.directory(), all.words(), all.load(properties));
  }

  private static JobPlace place(Path run) {
    return JobPlace.of(run, System.getenv());
  }

  private static void submit(SubmitPlan plan) {
    Map<Path, JobPlace> places = new HashMap<>();
    plan.directories().forEach(run -> places.put(run, JobPlace.make(run, System.getenv())));
    SubmitLocks.hold(
        plan.directories(),
        plan.timing(),
        () -> {
          new BusyRuns(plan.batch(), plan.timeout()).refuse(plan.directories());
          tellOfPlace(places.get(plan.directories().get(0)));
          plan.pin(places::get);
          plan.submission(places::get).submit(SubmitCommand::report);
        });
  }

  private static void tellOfPlace(JobPlace place) {
    place
        .reason()
        .ifPresent(
            reason ->
                LOG.log(Level.INFO, "scripts=%s since %s".formatted(place.scripts(), reason)));
  }

  private static void show(BatchSystem batch, Submission submission) {
    for (Submission.Written script : submission.preview()) {
      System.out.printf("# %s%n%s%n", script.file(), Secrets.hide(script.text()));
      String opinion = batch.opinion(script.script());
      if (!opinion.isEmpty()) {
        System.out.printf("# The scheduler would say: %s%n%n", opinion);
      }
    }
  }

  private static void report(Path run, SubmittedJob job) {
    System.out.printf("%s %s %s%n", job.job(), job.stage(), run);
  }

  private List<RunList.Line> runs() {
    List<RunList.Line> all = new ArrayList<>();
    for (Path run : runs) {
      Path directory = run.toAbsolutePath().normalize();
      all.add(new RunList.Line(directory, new ConfigurationOptions()));
    }
    if (list != null) {
      all.addAll(RunList.read(list));
    }
    if (all.isEmpty()) {
      throw new ConfigurationException("Give --run DIR, or a list of runs with --runs FILE");
    }
    return all;
  }
}
