package belay.review;

import belay.checkpoint.Attempt;
import belay.checkpoint.LastExit;
import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunStatus;
import belay.storage.DiskProblem;
import belay.view.Figures;
import belay.view.GpuTime;
import belay.view.Outcome;
import belay.view.StageView;
import belay.view.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The attempts of a run as the page shows them: on the time line, and by stage. */
final class AttemptHistory {
  private static final String PIPELINE = "pipeline";

  private final RunRecord run;
  private final Instant now;

  AttemptHistory(RunRecord run, Instant now) {
    this.run = run;
    this.now = now;
  }

  /** Oldest first. */
  List<Work> works() {
    return run.attempts().stream().map(this::work).toList();
  }

  /** Of all attempts. */
  GpuTime gpuTime() {
    return works().stream().map(Work::gpu).reduce(GpuTime.NONE, GpuTime::plus);
  }

  private Work work(Attempt attempt) {
    Attempt.Start start = attempt.start();
    Outcome outcome = run.outcome(attempt);
    boolean isOpen = attempt.end().isEmpty();
    Instant ended = ended(attempt, outcome);
    return new Work(
        start.attempt(),
        start.stage(),
        start.host(),
        job(start),
        start.version(),
        start.started(),
        ended,
        outcome,
        attempt.end().map(Attempt.End::reason).orElseGet(() -> silentEnd(start, outcome)),
        isOpen ? run.status().map(RunStatus::epoch).orElse(0) : attempt.end().get().epoch(),
        isOpen ? run.status().map(RunStatus::step).orElse(0L) : attempt.end().get().step(),
        GpuUse.of(attempt, ended, outcome));
  }

  /** Of an attempt that could not tell its end what its job has told. */
  private String silentEnd(Attempt.Start start, Outcome outcome) {
    String job = Objects.requireNonNullElse(start.jobId(), "");
    return run.lastExit()
        .filter(exit -> outcome == Outcome.KILLED && exit.isKill())
        .filter(exit -> exit.job().isEmpty() || exit.job().equals(job))
        .filter(exit -> !exit.ended().isBefore(start.started()))
        .map(LastExit::message)
        .orElse("");
  }

  private Instant ended(Attempt attempt, Outcome outcome) {
    if (outcome == Outcome.RUNNING) {
      return now;
    }
    Instant started = attempt.start().started();
    Instant ended =
        attempt.end().isPresent() ? attempt.end().get().ended() : run.lastSign().orElse(started);
    return ended.isBefore(started) ? started : ended;
  }

  private static String job(Attempt.Start start) {
    boolean isJob = start.jobId() != null && !start.jobId().isEmpty();
    return isJob ? start.scheduler() + " " + start.jobId() : "no job";
  }

  /** The stages that every run goes through, and what each leaves. */
  List<StageView> stages(List<Work> works) {
    RunDirectory directory = run.directory();
    Lineage lineage = run.lineage();
    return List.of(
        stage("train", works, directory.checkpoints(), lineage.isTrained(), Optional.empty()),
        stage("extract", works, directory.features(), lineage.isExtracted(), lineage.features()),
        stage("classify", works, directory.svm(), lineage.isClassified(), lineage.classifier()));
  }

  private StageView stage(
      String name,
      List<Work> works,
      Path product,
      boolean isComplete,
      Optional<Lineage.Product> made) {
    List<Work> own = works.stream().filter(work -> work.stage().equals(name)).toList();
    boolean isPiped = works.stream().anyMatch(work -> work.stage().equals(PIPELINE));
    long bytes = bytes(product);
    String file = product.getFileName() + (bytes > 0 ? ", " + Figures.bytes(bytes) : "");
    String origin = made.filter(of -> !of.isOfEncoder()).map(of -> ", " + of.origin()).orElse("");
    Outcome outcome = isComplete ? Outcome.DONE : unfinished(name, own, bytes > 0);
    return new StageView(name, outcome, effort(own, isPiped), file + origin, bytes > 0);
  }

  /** Of a stage that has something to do. */
  private Outcome unfinished(String name, List<Work> own, boolean isMade) {
    boolean isLatest = run.status().filter(status -> name.equals(status.stage())).isPresent();
    Outcome told =
        isLatest ? run.outcome() : own.isEmpty() ? Outcome.NEW : own.get(own.size() - 1).outcome();
    if (told != Outcome.DONE && told != Outcome.NEW) {
      return told;
    }
    if (!isMade) {
      return Outcome.NEW;
    }
    return name.equals("train") ? Outcome.STOPPED : Outcome.OUTDATED;
  }

  private static String effort(List<Work> own, boolean isPiped) {
    if (own.isEmpty()) {
      return isPiped ? "in the pipeline" : "";
    }
    Duration busy =
        own.stream()
            .map(work -> Duration.between(work.started(), work.ended()))
            .reduce(Duration.ZERO, Duration::plus);
    // Attempts are recorded to the second.
    String time = busy.isZero() ? "under 1 s" : Figures.duration(busy);
    return time + " in " + Figures.plural(own.size(), "attempt");
  }

  /** Of a file or of the files in a directory; 0 where there are none. */
  private static long bytes(Path product) {
    try {
      if (!Files.isDirectory(product)) {
        return Files.exists(product) ? Files.size(product) : 0;
      }
      try (Stream<Path> files = Files.list(product)) {
        return files
            .filter(file -> file.toString().endsWith(".h5"))
            .mapToLong(AttemptHistory::size)
            .sum();
      }
    } catch (IOException e) {
      throw DiskProblem.of("read", product, e);
    }
  }

  /** A checkpoint may vanish between the listing and the look. */
  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }
}
