package belay.data;

/** Hears how far a download is. Called from another thread, a few times a second. */
@FunctionalInterface
public interface TransferProgress {
  /** For callers that do not want to know. */
  TransferProgress SILENT = (bytes, total) -> {};

  /**
   * @param bytes on disk by now, those of earlier attempts included
   * @param total bytes of the whole file, or -1 if the server does not say
   */
  void at(long bytes, long total);
}
