package belay.conf;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a job prepares before it starts java.
 *
 * @param modules words after "module", separated by ;
 * @param source a file and its arguments
 * @param scratch the user's directory for large files, for other keys to use
 * @param tmpdir for temporary files; empty for the job's own
 */
public record JobEnvironment(
    String modules, String source, Optional<Path> scratch, Optional<Path> tmpdir) {
  static JobEnvironment of(Values values) {
    return new JobEnvironment(
        values.get(Keys.CLUSTER_MODULES),
        values.get(Keys.CLUSTER_SOURCE),
        values.get(Keys.CLUSTER_SCRATCH),
        values.get(Keys.CLUSTER_TMPDIR));
  }
}
