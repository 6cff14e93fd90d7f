package belay.review;

import belay.checkpoint.Attempt;
import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunStatus;
import belay.checkpoint.SignOfLife;
import belay.error.DataException;
import belay.json.JsonLines;
import belay.report.Outcome;
import belay.storage.DiskProblem;
import belay.svm.SvmFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run has left in its directory. Each file is read when it is first asked for, since file
 * systems may be slow; what is missing or written at this moment counts as absent.
 */
public final class RunRecord {
  private static final int STOPPED = 99;

  private final RunDirectory directory;
  private final Lazy<Optional<RunStatus>> status;
  private final Lazy<List<Attempt>> attempts;
  private final Lazy<List<EpochLine>> epochs;
  private final Lazy<Map<String, String>> configuration;
  private final Lazy<Optional<SignOfLife>> sign;
  private final Lazy<Optional<SvmFile.Judgement>> judgement;

  public RunRecord(Path path) {
    directory = RunDirectory.at(path);
    status = new Lazy<>(directory::status);
    attempts = new Lazy<>(directory::attempts);
    epochs = new Lazy<>(this::readEpochs);
    configuration = new Lazy<>(() -> RunProperties.read(directory.properties()));
    sign = new Lazy<>(directory::signOfLife);
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

  Optional<SignOfLife> sign() {
    return sign.get();
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
    return code == 0 ? Outcome.DONE : code == STOPPED ? Outcome.STOPPED : Outcome.FAILED;
  }

  private Outcome unfinished() {
    return sign().map(SignOfLife::isOwned).orElse(false) ? Outcome.RUNNING : Outcome.KILLED;
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
      return new JsonLines<>(file, EpochLine.class).read();
    } catch (IOException e) {
      throw DiskProblem.of("read", file, e);
    }
  }

  private Optional<SvmFile.Judgement> readJudgement() {
    if (!Files.exists(directory.svm())) {
      return Optional.empty();
    }
    try {
      return Optional.of(SvmFile.readJudgement(directory.svm()));
    } catch (DataException e) {
      return Optional.empty(); // another version's, or replaced while it was read
    }
  }
}
