package belay.run;

import belay.checkpoint.Attempt;
import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunJournal;
import belay.checkpoint.RunLease;
import belay.checkpoint.RunOwner;
import belay.checkpoint.RunStatus.State;
import belay.checkpoint.Standstill;
import belay.conf.Configuration;
import belay.conf.settings.ClusterSettings;
import belay.conf.settings.Entry;
import belay.conf.settings.LeaseSettings;
import belay.conf.settings.Settings;
import belay.console.Logging;
import belay.error.BelayException;
import belay.error.DeviceException;
import belay.error.ExitCode;
import belay.error.StoppedException;
import belay.job.EarlySave;
import belay.job.JobContext;
import belay.job.StopSignals;
import belay.storage.Host;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;

/**
 * One attempt at one stage of a run, or at all of them in turn: takes the run directory, keeps the
 * configuration, records how the attempt began and ended.
 *
 * @param stage the command: a stage's name, or "pipeline"
 * @param attempt number of this attempt in the run
 * @param began when it began
 * @param keys which of the configuration the run can obey and remembers
 * @param metering what it measures while it works
 * @param bench images and device
 */
public record StageRun(
    String stage,
    int attempt,
    Instant began,
    RunDirectory directory,
    RunLease lease,
    RunJournal journal,
    Configuration configuration,
    RunKeys keys,
    JobContext job,
    Metering metering,
    Workbench bench) {
  private static final System.Logger LOG = System.getLogger("belay.run");

  /** What a stage does with its run. */
  public interface Work {
    /** Returns when the stage is complete. */
    void run(StageRun run);
  }

  /**
   * @param stage train, extract, classify or pipeline
   * @param configuration effective, over what the run directory keeps
   * @throws BelayException whatever ended the work early, after recording it
   */
  public static void execute(String stage, Path path, Configuration configuration, Work work) {
    JobContext job = JobContext.local();
    configuration.ignored().forEach(StageRun::tellOfIgnored);
    ThisJar.digestAhead();
    ThisJar.loadAhead();
    RunDirectory directory = RunDirectory.create(path);
    Optional<Instant> lastSign = RunOwner.of(path).map(RunOwner::lastSign);
    try (RunLease lease =
        RunLease.acquire(
            path,
            job.jobId().map(id -> stage + ", " + job.scheduler() + " job " + id).orElse(stage),
            timing(configuration.settings().lease()),
            StopSignals::requested)) {
      directory.sweep();
      Handler log = Logging.toFile(directory.logs().resolve("belay.log"));
      Logging.progressEvery(configuration.settings().log().intervalSeconds());
      try {
        attempt(stage, configuration, job, directory, lease, lastSign, work);
      } catch (BelayException e) {
        // Told on the console by the command line, which outlives the log.
        Logging.append(log, e instanceof StoppedException ? Level.INFO : Level.SEVERE, e);
        throw e;
      } catch (RuntimeException | Error e) {
        Logging.append(log, Level.SEVERE, e);
        throw e;
      } finally {
        Logging.close(log);
        directory.sweepOwn();
      }
    }
  }

  private static void tellOfIgnored(Entry entry) {
    LOG.log(
        System.Logger.Level.WARNING,
        "%s = %s (%s) is not taken from a run directory: give it with --set, --conf, a site file or the environment"
            .formatted(entry.key(), entry.value(), entry.source()));
  }

  private static void attempt(
      String stage,
      Configuration configuration,
      JobContext job,
      RunDirectory directory,
      RunLease lease,
      Optional<Instant> lastSign,
      Work work) {
    Settings settings = configuration.settings();
    RunJournal journal = new RunJournal(directory, lease, lastSign);
    if (job.isJob()) {
      new StandstillCheck(directory, settings.cluster().maxAttempts()).run(journal);
    }
    Attempt.Start facts = facts(stage, job);
    int attempt = journal.begin(facts);
    EarlySave early = earlySave(settings.cluster());
    try (Metering metering = Metering.start(stage, directory, lease, settings, job);
        Workbench bench = new Workbench(settings, job, metering::device)) {
      new StageRun(
              stage,
              attempt,
              facts.started(),
              directory,
              lease,
              journal,
              configuration,
              new RunKeys(configuration, directory, journal),
              job,
              metering,
              bench)
          .perform(work, early);
    } finally {
      early.close();
    }
  }

  private static EarlySave earlySave(ClusterSettings cluster) {
    return EarlySave.watch(
        Duration.ofSeconds(cluster.earlySaveSeconds()),
        Duration.ofSeconds(cluster.timeoutSeconds()));
  }

  Settings settings() {
    return configuration.settings();
  }

  /** Where the time of this process goes. */
  public Timings timings() {
    return bench.timings();
  }

  /** The effective configuration by key, for the files that this attempt writes. */
  Map<String, String> values() {
    return configuration.shown();
  }

  /** Tells that this attempt now works at another stage. */
  void enter(String next) {
    metering.stage(Double.NaN);
    LOG.log(System.Logger.Level.INFO, "stage=" + next);
    journal.status(status -> status.begin(next, attempt));
  }

  /** Tells that the stage that was entered last is complete. */
  void leave() {
    Logging.endProgress(); // or the bar of this stage would stand below the lines of the next
    metering.stage(1);
    journal.status(status -> status.as(State.DONE, "done"));
  }

  private void perform(Work work, EarlySave early) {
    LOG.log(
        System.Logger.Level.INFO,
        "stage=%s run=%s attempt=%d scheduler=%s job=%s"
            .formatted(stage, directory.path(), attempt, job.scheduler(), job.jobId().orElse("-")));
    try {
      work.run(this);
      Logging.endProgress();
      metering.stage(1);
      end(State.DONE, ExitCode.DONE, "done");
    } catch (StoppedException e) {
      end(State.STOPPED, e.exitCode(), reason(early) + within());
      throw e;
    } catch (BelayException e) {
      end(State.FAILED, e.exitCode(), e.getMessage());
      throw e;
    } catch (OutOfMemoryError e) {
      DeviceException known = DeviceException.heapIsTooSmall(e);
      end(State.FAILED, known.exitCode(), known.getMessage());
      throw known;
    } catch (RuntimeException | Error e) {
      end(State.FAILED, ExitCode.INTERNAL, e.toString());
      throw e;
    }
  }

  /**
   * What was refused, or had nothing to do, was no attempt. A stop before the work is one: a job
   * that is never given the time to begin must not come back for ever.
   */
  private void end(State state, ExitCode code, String reason) {
    if (journal.isAtWork() || state == State.STOPPED) {
      journal.end(state, code.code(), reason, bench.gpuSeconds());
    } else {
      journal.withdraw();
    }
  }

  private static String reason(EarlySave early) {
    String asked = StopSignals.reason().orElse("asked to stop");
    boolean isNamed = asked.equals(Standstill.TIME_LIMIT);
    return early.isDue() && !isNamed ? Standstill.TIME_LIMIT + ", " + asked : asked;
  }

  /** Which stage of a pipeline was stopped. */
  private String within() {
    String reached = journal.status().stage();
    return reached.equals(stage) ? "" : " in " + reached;
  }

  /** The stage has accepted its inputs and its device: from here on this is an attempt. */
  void works() {
    journal.works();
  }

  public static RunLease.Timing timing(LeaseSettings lease) {
    return new RunLease.Timing(
        Duration.ofSeconds(lease.heartbeatSeconds()), Duration.ofSeconds(lease.staleSeconds()));
  }

  private static Attempt.Start facts(String stage, JobContext job) {
    return new Attempt.Start(
        0,
        stage,
        Instant.now(),
        Host.local().name(),
        ProcessHandle.current().pid(),
        job.scheduler(),
        job.jobId().orElse(null),
        job.restarts(),
        job.gpus().orElse(null),
        Version.text());
  }
}
