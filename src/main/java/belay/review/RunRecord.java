package belay.review;

import belay.checkpoint.Attempt;
import belay.checkpoint.KeyHistory;
import belay.checkpoint.LastExit;
import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunOwner;
import belay.checkpoint.RunStatus;
import belay.error.ExitCode;
import belay.json.JsonLines;
import belay.storage.DiskProblem;
import belay.svm.SvmFile;
import belay.view.GpuTime;
import belay.view.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run has left in its directory. Each file is read when it is first asked for, since file
 * systems may be slow; what is missing or written at this moment counts as absent.
 */
public final class RunRecord {
  private static final String CLASSIFIER = "svm.";

  private final RunDirectory directory;
  private final Lazy<Optional<RunStatus>> status;
  private final Lazy<Optional<LastExit>> lastExit;
  private final Lazy<List<Attempt>> attempts;
  private final Lazy<List<EpochLine>> epochs;
  private final Lazy<RunProperties> properties;
  private final Lazy<Optional<RunOwner>> owner;
  private final Lineage lineage;

  public RunRecord(Path path) {
    directory = RunDirectory.at(path);
    status = new Lazy<>(() -> directory.status().or(() -> ToldStatus.of(this)));
    lastExit = new Lazy<>(() -> isWorkedOn() ? Optional.empty() : directory.lastExit());
    attempts = new Lazy<>(directory::attempts);
    epochs = new Lazy<>(this::readEpochs);
    properties = new Lazy<>(() -> RunProperties.read(directory.properties()));
    owner = new Lazy<>(() -> RunOwner.of(path));
    lineage = new Lineage(this);
  }

  public Path path() {
    return directory.path();
  }

  RunDirectory directory() {
    return directory;
  }

  /** Where it stands: as its status.json says, or else as its other files tell. */
  public Optional<RunStatus> status() {
    return status.get();
  }

  /** The process that has the run directory, if there is one. */
  public Optional<RunOwner> owner() {
    return owner.get();
  }

  /** How the latest job ended, where nothing newer says otherwise. */
  public Optional<LastExit> lastExit() {
    return lastExit.get();
  }

  /** What there is to tell of the latest attempt: one line, may be empty. */
  public String message() {
    return lastExit()
        .map(LastExit::message)
        .filter(message -> !message.isBlank())
        .or(() -> status().map(RunStatus::message))
        .orElse("");
  }

  public List<Attempt> attempts() {
    return attempts.get();
  }

  List<EpochLine> epochs() {
    return epochs.get();
  }

  /** Values of now by key, the defaults where the run does not say. */
  Map<String, String> configuration() {
    return properties.get().values();
  }

  /** What was changed while it trained. */
  KeyHistory history() {
    return properties.get().history();
  }

  /**
   * Values by key for people: of the classifier those that made it, and several where a key was
   * changed while the run trained.
   */
  Map<String, String> shown() {
    Map<String, String> shown = new LinkedHashMap<>(configuration());
    shown.putAll(classifierKeys());
    shown.putAll(history().texts());
    return shown;
  }

  /** The same of one key; null where the run does not say. */
  String shown(String key) {
    KeyHistory.Values several = history().values().get(key);
    if (several != null) {
      return several.toString();
    }
    String made = key.startsWith(CLASSIFIER) ? classifierKeys().get(key) : null;
    return made == null ? configuration().get(key) : made;
  }

  /** Time on GPUs, of all attempts. */
  public GpuTime gpuTime() {
    return new AttemptHistory(this, Instant.now()).gpuTime();
  }

  /** Where its files come from. */
  Lineage lineage() {
    return lineage;
  }

  /** When the run was last heard of; empty if it has not begun. */
  Optional<Instant> lastSign() {
    return owner().map(RunOwner::lastSign).or(() -> status().map(RunStatus::updated));
  }

  /**
   * @throws belay.error.DataException if the classifier's file is not whole
   */
  Optional<SvmFile.Judgement> judgement() {
    return lineage.judgement();
  }

  /** The finished epoch with the lowest loss that may choose; the last where none may. */
  Optional<EpochLine> best() {
    return epochs().stream()
        .filter(line -> Double.isFinite(line.choosingLoss()))
        .min(Comparator.comparingDouble(EpochLine::choosingLoss))
        .or(() -> last().filter(line -> EpochLine.isKnown(line.testAccuracy())));
  }

  Optional<EpochLine> last() {
    List<EpochLine> lines = epochs();
    return lines.isEmpty() ? Optional.empty() : Optional.of(lines.get(lines.size() - 1));
  }

  /** Share of the test images that the classifier got right; NaN before there is one. */
  double accuracy() {
    return judgement().map(RunRecord::accuracy).orElse(Double.NaN);
  }

  /**
   * Where the run stands, as its files tell: what a later command did wrong does not matter to a
   * stage that is complete, and a stage whose file has gone is none.
   */
  public Outcome outcome() {
    return switch (told()) {
      case RUNNING -> Outcome.RUNNING;
      case DONE -> isThere() ? Outcome.DONE : Outcome.STOPPED;
      default -> isComplete() ? Outcome.DONE : told();
    };
  }

  /** What became of the latest attempt. */
  private Outcome told() {
    Optional<LastExit> end = lastExit().filter(exit -> !exit.isDone());
    if (end.isPresent()) {
      return end.get().isStop()
          ? Outcome.STOPPED
          : end.get().isKill() ? Outcome.KILLED : Outcome.FAILED;
    }
    if (status().isEmpty()) {
      return Outcome.NEW;
    }
    return switch (status().get().state()) {
      case RUNNING -> unfinished();
      case STOPPED -> Outcome.STOPPED;
      case DONE -> Outcome.DONE;
      case FAILED -> Outcome.FAILED;
    };
  }

  /** Whether the stage that was worked on last has left something. */
  private boolean isThere() {
    return switch (stage()) {
      case "train" -> lineage.encoder().isPresent();
      case "extract" -> Files.exists(directory.features());
      case "classify" -> Files.exists(directory.svm());
      default -> true;
    };
  }

  /** Whether the stage that was worked on last would find nothing to do. */
  private boolean isComplete() {
    return isComplete(isOfPipeline() ? "pipeline" : stage());
  }

  /** Whether a stage would find nothing to do. */
  public boolean isComplete(String stage) {
    return switch (stage) {
      case "train" -> lineage.isTrained();
      case "extract" -> lineage.isExtracted();
      default -> lineage.isClassified();
    };
  }

  private String stage() {
    return lastExit()
        .filter(exit -> !exit.isDone())
        .map(LastExit::stage)
        .or(() -> status().map(RunStatus::stage))
        .orElse("");
  }

  private boolean isOfPipeline() {
    List<Attempt> all = attempts();
    return !all.isEmpty() && "pipeline".equals(all.get(all.size() - 1).start().stage());
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

  private boolean isWorkedOn() {
    return owner().map(RunOwner::lives).orElse(false);
  }

  private Outcome unfinished() {
    return isWorkedOn() ? Outcome.RUNNING : Outcome.KILLED;
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

  /** The keys that the classifier was made with; none before there is one. */
  private Map<String, String> classifierKeys() {
    Map<String, String> keys =
        new LinkedHashMap<>(lineage.classifierFile().map(Made::keys).orElse(Map.of()));
    keys.keySet().removeIf(key -> !key.startsWith(CLASSIFIER));
    return keys;
  }
}
