package belay.cluster;

import java.nio.file.Path;
import java.util.Map;

/**
 * What every job of a submission does.
 *
 * @param directory to work in, absolute: relative paths in options mean the same as at submission
 * @param attempt the job body, attempt.sh
 * @param jarSha256 digest of the program; null where it is not pinned
 * @param variables environment variables by name, in the order of the map
 */
public record JobBody(
    Path directory, Path attempt, String jarSha256, Map<String, String> variables) {
  /** The job body's name. */
  public static final String ATTEMPT = "attempt.sh";

  /** What starts it again where there is no scheduler, beside it. */
  public static final String SUPERVISOR = "local.sh";
}
