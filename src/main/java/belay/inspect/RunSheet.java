package belay.inspect;

import belay.checkpoint.Attempt;
import belay.checkpoint.CheckpointName;
import belay.checkpoint.Checkpoints;
import belay.checkpoint.KeyHistory;
import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunStatus;
import belay.error.BelayException;
import belay.error.DataException;
import belay.hdf.Hdf5Reader;
import belay.review.Lineage;
import belay.review.RunRecord;
import belay.view.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A run: where it stands, who worked on it, its epochs, and whether its files are whole. */
final class RunSheet {
  private static final String WHOLE = "whole";

  private RunSheet() {}

  static Sheet of(Path path) {
    RunDirectory run = RunDirectory.open(path);
    Table files = files(run);
    Sheet sheet = new Sheet();
    run.status().ifPresent(status -> sheet.facts("run", status(path, status)));
    return sheet
        .facts("changed while it trained", KeyHistory.of(newest(run)).texts())
        .table("attempts", attempts(run.attempts()))
        .table("epochs", CheckpointSheet.epochs(run.metrics()))
        .table("files", files)
        .damaged((int) files.records().stream().filter(RunSheet::isDamaged).count());
  }

  /** Provenance of the newest checkpoint; nothing where it cannot be read. */
  private static Map<String, String> newest(RunDirectory run) {
    Checkpoints checkpoints = new Checkpoints(run.checkpoints());
    for (CheckpointName name : checkpoints.list()) {
      try (Hdf5Reader reader = Hdf5Reader.open(checkpoints.file(name))) {
        return reader.texts("/provenance");
      } catch (DataException damaged) {
        // The table of files says so.
      }
    }
    return Map.of();
  }

  /** The file itself, or the newest checkpoint of a run directory. */
  static Path file(Path path) {
    if (!Files.isDirectory(path)) {
      return path;
    }
    Checkpoints checkpoints = new Checkpoints(RunDirectory.open(path).checkpoints());
    return checkpoints.list().stream()
        .findFirst()
        .map(checkpoints::file)
        .orElseThrow(() -> new DataException(path + ": has no checkpoint"));
  }

  private static Map<String, Object> status(Path path, RunStatus status) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("path", path.toString());
    facts.put("stage", status.stage());
    facts.put("state", new RunRecord(path).outcome().toString());
    facts.put("epoch", status.epoch());
    facts.put("step", status.step());
    facts.put("attempts", status.attempts());
    facts.put("checkpoint", status.checkpoint() == null ? "" : status.checkpoint());
    facts.put("updated", status.updated());
    facts.put("message", status.message());
    return facts;
  }

  private static Table attempts(List<Attempt> attempts) {
    Table table =
        new Table("attempt", "stage", "began", "seconds", "exit", "reason", "host", "job");
    for (Attempt attempt : attempts) {
      Attempt.Start start = attempt.start();
      table.row(
          start.attempt(),
          start.stage(),
          start.started(),
          attempt
              .end()
              .map(end -> Duration.between(start.started(), end.ended()).toSeconds())
              .orElse(null),
          attempt.end().map(Attempt.End::exitCode).orElse(null),
          attempt.end().map(Attempt.End::reason).orElse("no end recorded"),
          start.host(),
          start.jobId() == null ? "" : start.scheduler() + " " + start.jobId());
    }
    return table;
  }

  private static Table files(RunDirectory run) {
    List<Path> files = new ArrayList<>();
    Checkpoints checkpoints = new Checkpoints(run.checkpoints());
    for (CheckpointName name : checkpoints.list()) {
      files.add(checkpoints.file(name));
    }
    files.add(run.features());
    files.add(run.svm());
    Lineage lineage = Lineage.of(run.path());
    Table table = new Table("file", "bytes", "integrity", "note");
    files.stream()
        .filter(Files::exists)
        .forEach(
            file ->
                table.row(
                    run.path().relativize(file),
                    file.toFile().length(),
                    integrity(file, run),
                    note(file, run, lineage)));
    return table;
  }

  /** Where a file does not go back to the checkpoint that one would think. */
  private static String note(Path file, RunDirectory run, Lineage lineage) {
    Optional<Lineage.Product> product =
        file.equals(run.features())
            ? lineage.features()
            : file.equals(run.svm()) ? lineage.classifier() : Optional.empty();
    return product
        .filter(made -> !made.isOfEncoder())
        .map(
            made ->
                "%s, not of the best, %s"
                    .formatted(
                        made.origin(), lineage.encoder().map(Object::toString).orElse("gone")))
        .orElse("");
  }

  private static boolean isDamaged(Map<String, Object> row) {
    return !WHOLE.equals(row.get("integrity"));
  }

  private static String integrity(Path file, RunDirectory run) {
    try {
      if (file.equals(run.svm())) {
        Whole.svm(file);
      } else if (file.equals(run.features())) {
        Whole.features(file);
      } else {
        Whole.checkpoint(file);
      }
      return WHOLE;
    } catch (BelayException e) {
      return e.getMessage();
    }
  }
}
