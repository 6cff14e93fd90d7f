package belay.cli;

import belay.data.TransferProgress;
import belay.log.ProgressLine;

/** Says how far a download is. */
final class DownloadLine implements TransferProgress {
  private static final System.Logger LOG = System.getLogger("belay.data");

  @Override
  public void at(long bytes, long total) {
    if (bytes == total) {
      Logging.endProgress();
      LOG.log(System.Logger.Level.INFO, text(bytes, total));
    } else {
      LOG.log(
          System.Logger.Level.INFO,
          "{0}",
          new ProgressLine(bytes, Math.max(0, total), text(bytes, total)));
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
