package belay.cli;

import belay.data.TransferProgress;

/** Shows how far a download is: one line that changes on a terminal, a log line now and then. */
final class DownloadLine implements TransferProgress {
  private static final System.Logger LOG = System.getLogger("belay.data");
  private static final long QUIET_NANOSECONDS = 10_000_000_000L;

  private final boolean terminal = System.console() != null;
  private long lastLine = System.nanoTime() - QUIET_NANOSECONDS;

  @Override
  public void at(long bytes, long total) {
    if (terminal) {
      System.err.printf("\r%s%s", text(bytes, total), bytes == total ? "\n" : " ");
    } else if (bytes == total || System.nanoTime() - lastLine >= QUIET_NANOSECONDS) {
      LOG.log(System.Logger.Level.INFO, text(bytes, total));
      lastLine = System.nanoTime();
    }
  }

  private static String text(long bytes, long total) {
    String share =
        total > 0 ? " of %.1f MiB (%d%%)".formatted(mib(total), 100 * bytes / total) : "";
    return "downloaded=%.1f MiB".formatted(mib(bytes)) + share;
  }

  private static double mib(long bytes) {
    return bytes / 1048576.0;
  }
}
