package belay.submit;

import belay.checkpoint.RunDirectory;
import belay.conf.Configuration;
import belay.run.Completion;
import java.nio.file.Path;
import java.util.List;

/**
 * A run that jobs are wanted for.
 *
 * @param words options of belay for this run
 * @param configuration what its stages will work with
 */
public record WantedRun(Path path, List<String> words, Configuration configuration) {
  RunDirectory directory() {
    return RunDirectory.at(path);
  }

  /** Whether nothing is left to do for the stage. */
  boolean isComplete(String stage) {
    return new Completion(directory(), configuration).of(stage);
  }
}
