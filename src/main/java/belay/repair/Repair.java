package belay.repair;

import belay.checkpoint.Attempt;
import belay.checkpoint.LeaseCheck;
import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunJournal;
import belay.checkpoint.RunLease;
import belay.checkpoint.RunStatus;
import belay.cluster.SubmittedJobs;
import belay.error.BelayException;
import belay.error.DataException;
import belay.json.Json;
import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import belay.storage.Fence;
import belay.storage.PlainFile;
import belay.storage.UnfitFileException;
import belay.train.EpochResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Mends a run directory as its owner, so that no stage begins meanwhile. Nothing that may hold work
 * is deleted: what nobody can use is renamed, and what is whole stays as it is, byte by byte.
 */
public final class Repair {
  private final RunDirectory run;
  private final Mending mending;
  private final RunLease.Timing timing;
  private final BooleanSupplier stop;
  private Places places;

  private Repair(RunDirectory run, Mending mending, RunLease.Timing timing, BooleanSupplier stop) {
    this.run = run;
    this.mending = mending;
    this.timing = timing;
    this.stop = stop;
  }

  /**
   * Finds what is broken, and mends what can be mended.
   *
   * @param isDry whether to change nothing, not even the lease
   * @param timing of the lease
   * @param told of each thing that is broken, once it is mended
   * @param stop asked while waiting for a silent owner, and between two files
   * @throws belay.error.BusyException if a living process has the run
   * @throws DataException if there is no run, or its directory cannot be read
   */
  public static void of(
      Path path,
      boolean isDry,
      RunLease.Timing timing,
      Consumer<Finding> told,
      BooleanSupplier stop) {
    RunDirectory run = RunDirectory.open(path);
    Repair repair = new Repair(run, new Mending(isDry, told, stop), timing, stop);
    repair.asOwner(path, () -> repair.look(path));
  }

  /** Of the run, or of its directory of jobs, whose lease belay submit takes. */
  private void asOwner(Path directory, Runnable work) {
    for (LeaseCheck.Flaw flaw : LeaseCheck.inTheWay(directory, mending.isDry(), timing, stop)) {
      mending.setAside(flaw.file(), flaw.problem(), "");
    }
    List<LeaseCheck.Flaw> takenOver = LeaseCheck.flaws(directory);
    if (mending.isDry()) {
      report(takenOver);
      work.run();
      return;
    }
    try (RunLease lease = RunLease.acquire(directory, "repair", timing, stop)) {
      mending.guard(lease);
      report(takenOver);
      work.run();
    }
  }

  private void report(List<LeaseCheck.Flaw> takenOver) {
    takenOver.forEach(flaw -> mending.mend(flaw.file(), flaw.problem(), "taken over", () -> {}));
  }

  private void look(Path path) {
    places = Places.look(run, mending);
    sweep();
    KeptCheckpoints checkpoints = new KeptCheckpoints(run.checkpoints(), places, mending);
    checkpoints.check();
    Optional<Path> newest = checkpoints.newest().map(reached -> checkpoints.file(reached.name()));
    if (places.isFit(run.properties())) {
      new KeptKeys(run.properties(), newest, mending).check();
    }
    new StageFiles(run, places, mending).check();
    lines(run.metricsFile(), Repair::isEpoch);
    lines(run.attemptsFile(), Repair::isOfAttempt);
    history(checkpoints);
    Path submitted = new SubmittedJobs(path).file();
    if (places.isFile(submitted)) {
      asOwner(submitted.getParent(), () -> lines(submitted, SubmittedJobs::isJob));
    }
  }

  private void sweep() {
    try {
      for (Path directory : run.writtenInto()) {
        for (Path partial : AtomicFile.partials(directory)) {
          mending.mend(
              partial,
              "was left half-written",
              "deleted, as each attempt does",
              () -> Files.deleteIfExists(partial));
        }
      }
    } catch (IOException e) {
      throw DiskProblem.of("read the run directory", run.path(), e);
    }
  }

  private void lines(Path file, Predicate<String> isWhole) {
    if (places.isFile(file)) {
      new SmallLines(file, isWhole, mending).check();
    }
  }

  /** Attempts and status, each of which tells what the other lacks. */
  private void history(KeptCheckpoints checkpoints) {
    List<Attempt> attempts = attempts();
    Optional<RunStatus> found = Optional.empty();
    String problem = "is missing";
    Path file = run.statusFile();
    try {
      found = Optional.ofNullable(Json.read(PlainFile.textOwn(file), RunStatus.class));
      problem = found.isEmpty() ? "is empty" : "";
    } catch (NoSuchFileException e) {
      // As before the first attempt.
    } catch (UnfitFileException | IllegalArgumentException e) {
      problem = "says nothing that a status says";
    } catch (IOException e) {
      mending.leave(file, "cannot be read", DiskProblem.reason(e));
      return;
    }
    MendedStatus mended = new MendedStatus(run, attempts, checkpoints, mending);
    RunStatus status = mended.status(found);
    mendStatus(found, problem, mended.problems(), status);
    endSilent(attempts, found.orElse(status));
  }

  private void mendStatus(
      Optional<RunStatus> found, String flaw, List<String> contradictions, RunStatus status) {
    Path file = run.statusFile();
    if (!places.isFit(file)) {
      return;
    }
    String problem = found.isPresent() ? String.join("; ", contradictions) : flaw;
    if (found.isEmpty() && mending.isThere(file)) {
      mending.setAside(file, problem, "");
      problem = "was set aside";
    }
    boolean isOfUse = found.isPresent() ? !problem.isEmpty() : !status.stage().isEmpty();
    if (isOfUse) {
      mending.mend(
          file,
          problem,
          "written from the other files",
          () -> AtomicFile.write(file, Json.page(status)));
    }
  }

  private List<Attempt> attempts() {
    if (!places.isFile(run.attemptsFile())) {
      return List.of();
    }
    try {
      return run.attempts();
    } catch (BelayException saidBefore) {
      return List.of();
    }
  }

  private void endSilent(List<Attempt> attempts, RunStatus last) {
    long silent = attempts.stream().filter(attempt -> attempt.end().isEmpty()).count();
    if (silent > 0) {
      mending.mend(
          run.attemptsFile(),
          "lacks the end of %d attempt%s".formatted(silent, silent == 1 ? "" : "s"),
          "added, as " + Attempt.SILENT,
          () -> new RunJournal(run, Fence.NONE, Optional.empty()).endSilent(last));
    }
  }

  private static boolean isOfAttempt(String line) {
    return isA(line, Attempt.Start.class) || isA(line, Attempt.End.class);
  }

  private static boolean isEpoch(String line) {
    try {
      EpochResult result = Json.read(line, EpochResult.class);
      return result != null && result.epoch() > 0 && result.step() >= 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isA(String line, Class<?> type) {
    try {
      return Json.read(line, type) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
