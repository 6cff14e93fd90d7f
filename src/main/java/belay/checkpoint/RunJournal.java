package belay.checkpoint;

import belay.json.Json;
import belay.json.JsonLines;
import belay.log.Secrets;
import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import belay.storage.Fence;
import belay.train.EpochResult;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Writes the small files of a run, as its owner. What a run needs to begin fails with an error;
 * what only reports on it, status and metrics, fails with a warning: the checkpoints are the truth,
 * and a full disk must not end the training. Safe for use by several threads.
 *
 * <p>Every method throws {@link belay.error.BusyException} and writes nothing if the run belongs to
 * another process by now.
 */
public final class RunJournal {
  private static final Logger LOG = System.getLogger("belay.run");

  private final RunDirectory run;
  private final Fence fence;
  private final AttemptLog attempts;
  private final Optional<RunStatus> found; // that the attempt before left
  private final Optional<Instant> lastSign;
  private RunStatus status;
  private Attempt.Start present; // since begin
  private boolean works;

  /**
   * @param fence asked before anything is written
   * @param lastSign of life of the owner before, where it left one
   */
  public RunJournal(RunDirectory run, Fence fence, Optional<Instant> lastSign) {
    this.run = run;
    this.fence = fence;
    this.lastSign = lastSign;
    attempts = new AttemptLog(run.attemptsFile());
    found = run.status();
    status = found.orElseGet(RunStatus::fresh);
  }

  /**
   * Records the beginning of an attempt; the attempt before, if it was killed, gets its end line.
   *
   * @param facts of this process; its attempt number is not used
   * @return the number of this attempt, from 1
   * @throws belay.error.DataException if that cannot be written
   */
  public synchronized int begin(Attempt.Start facts) {
    try {
      fence.check();
      int attempt = attempts.begin(facts, status, lastSign);
      present = facts;
      put(status.begin(facts.stage(), attempt));
      return attempt;
    } catch (IOException e) {
      throw DiskProblem.of("write into the run directory", run.path(), e);
    }
  }

  /** This attempt has accepted its inputs and its device: from now on it is one. */
  public synchronized void works() {
    works = true;
  }

  /** Whether this attempt has begun to work. */
  public synchronized boolean isAtWork() {
    return works;
  }

  /**
   * Takes the beginning of this attempt back: it was refused before it could work, or found nothing
   * to do. Attempts and status are as if it had not been; the log keeps what it said.
   *
   * @throws belay.error.BusyException if the run is lost
   */
  public synchronized void withdraw() {
    report(run.attemptsFile(), () -> attempts.withdraw(status.attempts()));
    report(run.statusFile(), this::restore);
  }

  private void restore() throws IOException {
    if (found.isPresent()) {
      put(found.get());
    } else {
      Files.deleteIfExists(run.statusFile());
    }
  }

  /**
   * Records the end of this attempt.
   *
   * @param gpuSeconds in which it computed on a GPU
   * @throws belay.error.BusyException if the run is lost: then this end is not ours to tell
   */
  public synchronized void end(
      RunStatus.State state, int exitCode, String reason, double gpuSeconds) {
    String shown = Secrets.hide(reason);
    RunStatus last = status.as(state, shown);
    report(
        run.attemptsFile(),
        () ->
            attempts.end(
                new Attempt.End(
                    last.attempts(),
                    Instant.now(),
                    exitCode,
                    shown,
                    last.epoch(),
                    last.step(),
                    present.ifLater(last.saved()),
                    gpuSeconds)));
    report(run.statusFile(), () -> put(last));
  }

  /**
   * Records the ends of attempts that were killed, as {@link #begin} does for the latest.
   *
   * @param last status that the latest left behind
   * @throws IOException if that cannot be written
   */
  public synchronized void endSilent(RunStatus last) throws IOException {
    fence.check();
    attempts.endSilent(last);
  }

  /** As last written, or as it would be on a disk that is not full. */
  public synchronized RunStatus status() {
    return status;
  }

  /** Changes the status: {@code journal.status(s -> s.at(3, 1170).saved("ckpt-0003.h5"))}. */
  public synchronized void status(UnaryOperator<RunStatus> change) {
    report(run.statusFile(), () -> put(change.apply(status)));
  }

  /**
   * Makes metrics.jsonl say exactly this: no line twice and none missing, whatever an attempt that
   * was killed or a full disk have left there.
   *
   * @param history of all finished epochs, oldest first
   */
  public synchronized void metrics(List<EpochResult> history) {
    report(
        run.metricsFile(),
        () -> new JsonLines<>(run.metricsFile(), EpochResult.class).rewrite(history));
  }

  /** Keeps where a step's time goes. */
  public synchronized void profile(StepTimes times) {
    report(run.profileFile(), () -> AtomicFile.write(run.profileFile(), Json.page(times)));
  }

  /**
   * Keeps the effective configuration.
   *
   * @throws belay.error.DataException if it cannot be written
   */
  public synchronized void properties(String text) {
    try {
      fence.check();
      AtomicFile.write(run.properties(), text);
    } catch (IOException e) {
      throw DiskProblem.of("write", run.properties(), e);
    }
  }

  private void put(RunStatus next) throws IOException {
    status = next;
    AtomicFile.write(run.statusFile(), Json.page(next));
  }

  private void report(Path file, Writing writing) {
    try {
      fence.check();
      writing.run();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "file={0} unwritten=\"{1}\"", file, DiskProblem.reason(e));
    }
  }

  private interface Writing {
    void run() throws IOException;
  }
}
