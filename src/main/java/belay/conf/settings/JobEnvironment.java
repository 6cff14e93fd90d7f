package belay.conf.settings;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a job prepares before it starts java.
 *
 * @param modules to load, words
 * @param environment a file to source and its arguments
 * @param scratch the user's directory for large files, for other keys to use
 * @param tmpdir for temporary files; empty for the job's own
 */
public record JobEnvironment(
    String modules, String environment, Optional<Path> scratch, Optional<Path> tmpdir) {
  static JobEnvironment of(Values values) {
    return new JobEnvironment(
        values.get(Keys.CLUSTER_MODULES),
        values.get(Keys.CLUSTER_ENVIRONMENT),
        values.get(Keys.CLUSTER_SCRATCH),
        values.get(Keys.CLUSTER_TMPDIR));
  }
}
