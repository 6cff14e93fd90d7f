package belay.cluster;

import java.nio.file.Path;
import java.util.List;

/**
 * A run of a submission.
 *
 * @param directory of the run, absolute
 * @param place of its scripts
 * @param options of belay after the run directory, such as --set
 */
public record JobRun(Path directory, JobPlace place, List<String> options) {
  public JobRun {
    options = List.copyOf(options);
  }
}
