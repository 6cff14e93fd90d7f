package belay.repair;

import belay.checkpoint.Checkpoints;
import belay.checkpoint.RunDirectory;
import belay.checkpoint.StepTimes;
import belay.error.BelayException;
import belay.error.DataException;
import belay.inspect.Whole;
import belay.json.Json;
import belay.storage.DiskProblem;
import belay.storage.PlainFile;
import belay.storage.UnfitFileException;
import java.io.IOException;
import java.nio.file.Path;

/** What stages made of checkpoints, and can make again. */
final class StageFiles {
  private final RunDirectory run;
  private final Places places;
  private final Mending mending;

  StageFiles(RunDirectory run, Places places, Mending mending) {
    this.run = run;
    this.places = places;
    this.mending = mending;
  }

  /** Throws a DataException for a file that is not whole. */
  private interface Check {
    void of(Path file);
  }

  void check() {
    check(run.features(), Whole::features, "extract");
    check(run.svm(), Whole::svm, "classify");
    check(run.svmSolved(), Whole::solved, "classify");
    if (places.isFile(run.profileFile())) {
      profile(run.profileFile());
    }
  }

  private void check(Path file, Check whole, String stage) {
    if (!places.isFile(file)) {
      return;
    }
    try {
      whole.of(file);
    } catch (DataException e) {
      judge(file, e, stage);
    } catch (BelayException e) { // of another version, or too large for this heap
      mending.leave(file, Mending.problem(file, e), "or move it away");
    }
  }

  private void judge(Path file, DataException problem, String stage) {
    if (Checkpoints.isOfDisk(problem)) {
      mending.leave(file, Mending.problem(file, problem), "look at the disk and its permissions");
    } else {
      String hint = "belay %s --run %s makes it again".formatted(stage, run.path());
      mending.setAside(file, Mending.problem(file, problem), hint);
    }
  }

  private void profile(Path file) {
    String hint = "belay train measures it again when it has trained";
    try {
      if (Json.read(PlainFile.textOwn(file), StepTimes.class) == null) {
        mending.setAside(file, "is empty", hint);
      }
    } catch (UnfitFileException | IllegalArgumentException e) {
      mending.setAside(file, "holds no times of a step", hint);
    } catch (IOException e) {
      mending.leave(file, "cannot be read", DiskProblem.reason(e));
    }
  }
}
