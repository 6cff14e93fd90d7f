package belay.cli;

import belay.error.ExitCode;
import java.util.List;

/** What was wrong with some of several runs, told after what there is to show of the others. */
final class Problems {
  private static final System.Logger LOG = System.getLogger("belay.review");

  private Problems() {}

  /** A line each, below what has been printed. */
  static void tell(List<String> lines) {
    System.out.flush();
    lines.forEach(line -> LOG.log(System.Logger.Level.ERROR, line));
  }

  static int exitCode(List<String> lines) {
    return (lines.isEmpty() ? ExitCode.DONE : ExitCode.DATA).code();
  }
}
