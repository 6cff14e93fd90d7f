package belay.review;

import belay.checkpoint.Attempt;
import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunOwner;
import belay.checkpoint.RunStatus;
import belay.error.ExitCode;
import belay.json.JsonLines;
import belay.report.Outcome;
import belay.storage.DiskProblem;
import belay.svm.SvmFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run has left in its directory. Each file is read when it is first asked for, since file
 * systems may be slow; what is missing or written at this moment counts as absent.
 */
public final class RunRecord {
  private final RunDirectory directory;
  private final Lazy<Optional<RunStatus>> status;
  private final Lazy<List<Attempt>> attempts;
  private final Lazy<List<EpochLine>> epochs;
  private final Lazy<Map<String, String>> configuration;
  private final Lazy<Optional<RunOwner>> owner;
  private final Lazy<Optional<SvmFile.Judgement>> judgement;

  public RunRecord(Path path) {
    directory = RunDirectory.at(path);
    status = new Lazy<>(directory::status);
    attempts = new Lazy<>(directory::attempts);
    epochs = new Lazy<>(this::readEpochs);
    configuration = new Lazy<>(() -> RunProperties.read(directory.properties()));
    owner = new Lazy<>(() -> RunOwner.of(path));
    judgement = new Lazy<>(this::readJudgement);
  }

  public Path path() {
    return directory.path();
  }

  RunDirectory directory() {
    return directory;
  }

  Optional<RunStatus> status() {
    return status.get();
  }

  List<Attempt> attempts() {
    return attempts.get();
  }

  List<EpochLine> epochs() {
    return epochs.get();
  }

  /** Effective values by key, the defaults where the run does not say. */
  Map<String, String> configuration() {
    return configuration.get();
  }

  /** When the run was last heard of; empty if it has not begun. */
  Optional<Instant> lastSign() {
    return owner
        .get()
        .map(present -> Instant.now().minus(present.heartbeat()))
        .or(() -> status().map(RunStatus::updated));
  }

  Optional<SvmFile.Judgement> judgement() {
    return judgement.get();
  }

  /** The finished epoch with the lowest test loss. */
  Optional<EpochLine> best() {
    return epochs().stream()
        .filter(line -> Double.isFinite(line.loss()))
        .min(Comparator.comparingDouble(EpochLine::loss));
  }

  Optional<EpochLine> last() {
    List<EpochLine> lines = epochs();
    return lines.isEmpty() ? Optional.empty() : Optional.of(lines.get(lines.size() - 1));
  }

  /** Share of the test images that the classifier got right; NaN before there is one. */
  double accuracy() {
    return judgement().map(RunRecord::accuracy).orElse(Double.NaN);
  }

  /** What became of the run's latest attempt. */
  Outcome outcome() {
    if (status().isEmpty()) {
      return attempts().isEmpty() ? Outcome.NEW : outcome(attempts().get(attempts().size() - 1));
    }
    return switch (status().get().state()) {
      case RUNNING -> unfinished();
      case STOPPED -> Outcome.STOPPED;
      case DONE -> Outcome.DONE;
      case FAILED -> Outcome.FAILED;
    };
  }

  /** An attempt that did not tell its end is at work or was killed. */
  Outcome outcome(Attempt attempt) {
    if (attempt.end().isEmpty()) {
      boolean isLast = attempt.equals(attempts().get(attempts().size() - 1));
      return isLast ? unfinished() : Outcome.KILLED;
    }
    Integer code = attempt.end().get().exitCode();
    if (code == null) {
      return Outcome.KILLED;
    }
    return code == 0
        ? Outcome.DONE
        : code == ExitCode.RESUBMIT.code() ? Outcome.STOPPED : Outcome.FAILED;
  }

  private Outcome unfinished() {
    return owner.get().map(RunOwner::lives).orElse(false) ? Outcome.RUNNING : Outcome.KILLED;
  }

  private static double accuracy(SvmFile.Judgement judgement) {
    int right = 0;
    for (int i = 0; i < judgement.labels().length; i++) {
      right += judgement.labels()[i] == judgement.predictions()[i] ? 1 : 0;
    }
    return (double) right / judgement.labels().length;
  }

  private List<EpochLine> readEpochs() {
    Path file = path().resolve("metrics.jsonl");
    try {
      return ascending(new JsonLines<>(file, EpochLine.class).read());
    } catch (IOException e) {
      throw DiskProblem.of("read", file, e);
    }
  }

  /** Without what stands there again, or in a wrong place. */
  private static List<EpochLine> ascending(List<EpochLine> lines) {
    List<EpochLine> kept = new ArrayList<>();
    for (EpochLine line : lines) {
      if (kept.isEmpty() || line.epoch() > kept.get(kept.size() - 1).epoch()) {
        kept.add(line);
      }
    }
    return kept;
  }

  private Optional<SvmFile.Judgement> readJudgement() {
    if (!Files.exists(directory.svm())) {
      return Optional.empty();
    }
    return Optional.of(SvmFile.readJudgement(directory.svm()));
  }
}
