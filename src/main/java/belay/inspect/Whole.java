package belay.inspect;

import belay.checkpoint.CheckpointFile;
import belay.features.FeatureFile;
import belay.hdf.Hdf5Reader;
import belay.svm.SolvedProblems;
import belay.svm.SvmFile;
import java.nio.file.Path;

/**
 * Whether a file is one that a run can have written: every digest is right, and every number within
 * its bounds. Each throws a DataException that names what is not.
 */
public final class Whole {
  private Whole() {}

  static void checkpoint(Path file) {
    CheckpointFile.check(file);
  }

  public static void features(Path file) {
    try (FeatureFile features = FeatureFile.open(file)) {
      features.verify();
    }
  }

  public static void svm(Path file) {
    SvmFile.verified(file, () -> false);
    SvmFile.readJudgement(file);
  }

  /** Of a training that is not complete. */
  public static void solved(Path file) {
    SolvedProblems.check(file);
  }

  /** Of whichever kind the open file says it is. */
  static void any(Path file, Hdf5Reader reader) {
    switch (reader.attributes("/").getOrDefault("format", "")) {
      case "belay-checkpoint" -> checkpoint(file);
      case "belay-features" -> features(file);
      case "belay-svm" -> svm(file);
      default -> reader.verify();
    }
  }
}
