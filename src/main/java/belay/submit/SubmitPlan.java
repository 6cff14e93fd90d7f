package belay.submit;

import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunLease;
import belay.cluster.BatchSystem;
import belay.cluster.JobBody;
import belay.cluster.JobPlace;
import belay.cluster.JobRun;
import belay.cluster.JobTerms;
import belay.cluster.ProgramFile;
import belay.cluster.Rehearsal;
import belay.cluster.Submission;
import belay.conf.Configuration;
import belay.conf.settings.ClusterSettings;
import belay.conf.settings.Entry;
import belay.conf.settings.Settings;
import belay.run.Devices;
import belay.run.StageRun;
import belay.run.ThisJar;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What a submission comes to: which stages of which runs, on what terms. Writes nothing. */
public final class SubmitPlan {
  private static final System.Logger LOG = System.getLogger("belay.cluster");
  private static final List<String> CHAIN = List.of("train", "extract", "classify");

  private final Site site;
  private final Configuration common;
  private final ClusterSettings cluster;
  private final BatchSystem batch;
  private final List<WantedRun> runs = new ArrayList<>();
  private final List<String> stages;
  private final JobTerms terms;
  private final int together;

  /**
   * @param common the keys, whatever the run
   * @param objections are given everything that is wrong with the command or the configuration
   */
  public SubmitPlan(
      String stage,
      List<WantedRun> wanted,
      Configuration common,
      Site site,
      Objections objections) {
    this.site = site;
    this.common = common;
    cluster = common.settings().cluster();
    batch = site.batch();
    refuseTwice(wanted, objections);
    wanted.forEach(run -> objections.unless(() -> add(run, stage)));
    together = together(objections);
    stages = stages(stage);
    terms = JobTranslation.terms(common.settings(), batch, site.request(), together, objections);
    tellOfNoGpu();
  }

  private static void refuseTwice(List<WantedRun> wanted, Objections objections) {
    Set<Path> seen = new HashSet<>();
    wanted.stream()
        .map(WantedRun::path)
        .filter(run -> !seen.add(run))
        .forEach(run -> objections.add(run + " is given twice: two jobs cannot share a run"));
  }

  private void add(WantedRun run, String stage) {
    if (run.isComplete(stage)) {
      LOG.log(Level.INFO, "%s: %s is complete, nothing to submit".formatted(run.path(), stage));
      return;
    }
    runs.add(run);
    if (!stage.equals("classify")) {
      run.configuration().settings().data().requireDir();
    }
  }

  /** Jobs at once; 0 where their number needs no limit. */
  private int together(Objections objections) {
    boolean isLocal = batch.name().equals("local");
    int most = Math.max(cluster.request().together(), isLocal ? 1 : 0);
    if (most == 0 || runs.size() <= most) {
      return 0;
    }
    if (batch.name().equals("slurm") && comesBackAnew()) {
      objections.add(
          "cluster.together (--together) = %d cannot hold with cluster.requeue = sbatch: jobs come back outside of their array"
              .formatted(most));
    }
    return most;
  }

  /** Of jobs that this machine shares among them. */
  private int atOnce() {
    return together > 0 ? together : runs.size();
  }

  private boolean comesBackAnew() {
    return cluster.requeue() == ClusterSettings.Requeue.SBATCH;
  }

  /**
   * Stages that are left for any of the runs. A job does all of its run where jobs of several
   * stages would not be counted together; where there is no scheduler that could give way between
   * two; and where jobs come back as new ones, since no task of an array can wait for them.
   */
  private List<String> stages(String stage) {
    boolean isChain =
        together == 0 && !batch.name().equals("local") && (runs.size() <= 1 || !comesBackAnew());
    if (!stage.equals("pipeline") || !isChain) {
      return List.of(stage);
    }
    int done = 0;
    while (done < CHAIN.size() - 1 && isComplete(CHAIN.get(done))) {
      done++;
    }
    return CHAIN.subList(done, CHAIN.size());
  }

  private boolean isComplete(String stage) {
    return runs.stream().allMatch(run -> run.isComplete(stage));
  }

  private void tellOfNoGpu() {
    Entry gpu = common.entries().get("cluster.gpu");
    boolean isSilent = gpu.value().isEmpty() && gpu.source().equals("default");
    if (isSilent
        && common.settings().backend() == Settings.BackendName.AUTO
        && !batch.name().equals("local")) {
      LOG.log(Level.WARNING, "No GPU is asked for: give --gpu MODEL, any, or none to say so");
    }
  }

  public boolean isEmpty() {
    return runs.isEmpty();
  }

  public BatchSystem batch() {
    return batch;
  }

  public List<Path> directories() {
    return runs.stream().map(WantedRun::path).toList();
  }

  public Duration timeout() {
    return Duration.ofSeconds(cluster.timeoutSeconds());
  }

  public RunLease.Timing timing() {
    return StageRun.timing(common.settings().lease());
  }

  /** What this machine sees of what the jobs will find. */
  public void look(Function<Path, JobPlace> places, Objections doubts) {
    Map<RunDirectory, Settings> all = new LinkedHashMap<>();
    runs.forEach(run -> all.put(run.directory(), run.configuration().settings()));
    new Surroundings(stages).look(all, doubts);
    if (!runs.isEmpty()) {
      checkKernels(doubts);
      rehearse(places, doubts);
    }
  }

  /** Each job would wait for its GPU, and end. */
  private void checkKernels(Objections doubts) {
    if (!batch.name().equals("local")
        && JobTranslation.computesOnGpu(common.settings())
        && Devices.kernelTiers().isEmpty()) {
      doubts.add(
          "A GPU is asked for, and this jar has no kernels for any: build it where nvcc is, or submit without a GPU (--gpu none)");
    }
  }

  private void rehearse(Function<Path, JobPlace> places, Objections doubts) {
    JobRun first = jobRun(runs.get(0), places);
    new Rehearsal(batch, System.getenv(), timeout())
        .of(first, body(first.place(), new PinnedProgram(ThisJar.path(), null)))
        .ifPresent(
            finding -> {
              if (finding.isSure()) {
                doubts.add(finding.problem());
              } else {
                LOG.log(Level.WARNING, "On this machine: " + finding.problem());
              }
            });
  }

  /** Puts what the jobs execute where the first of the runs has its jobs. */
  public void pin(Function<Path, JobPlace> places) {
    JobPlace place = places.apply(runs.get(0).path());
    ProgramFile.pin(JobBody.ATTEMPT, place.scripts());
    ProgramFile.pin(JobBody.SUPERVISOR, place.scripts());
    PinnedProgram.in(place.programs()).make();
  }

  public Submission submission(Function<Path, JobPlace> places) {
    List<JobRun> all = runs.stream().map(run -> jobRun(run, places)).toList();
    JobPlace place = all.get(0).place();
    return new Submission(
        batch, stages, all, terms, body(place, PinnedProgram.in(place.programs())));
  }

  private static JobRun jobRun(WantedRun run, Function<Path, JobPlace> places) {
    return new JobRun(run.path(), places.apply(run.path()), run.words());
  }

  private JobBody body(JobPlace place, PinnedProgram program) {
    return new JobBody(
        Path.of("").toAbsolutePath(),
        place.scripts().resolve(JobBody.ATTEMPT),
        program.sha256(),
        JobVariables.of(
            cluster,
            batch,
            site.variables(),
            program.jar(),
            stages.get(stages.size() - 1),
            atOnce()));
  }
}
