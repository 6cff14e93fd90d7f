package belay.data;

import belay.error.DataException;
import belay.error.StoppedException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLHandshakeException;

/** Brings one file whole to disk, over as many connections as that takes. */
final class HttpDownload {
  private static final Logger LOG = System.getLogger("belay.data");
  private static final int ATTEMPTS = 5;
  private static final long LOOK_MILLIS = 100;

  private final URI url;
  private final PartFile part;
  private final boolean checked;
  private final TransferProgress progress;
  private final BooleanSupplier stop;
  private final TransferLimits limits;

  /**
   * @param checked a checksum will be compared afterwards, so that a server which offers no
   *     validator may be trusted to continue
   */
  HttpDownload(
      URI url,
      PartFile part,
      boolean checked,
      TransferProgress progress,
      BooleanSupplier stop,
      TransferLimits limits) {
    this.url = url;
    this.part = part;
    this.checked = checked;
    this.progress = progress;
    this.stop = stop;
    this.limits = limits;
  }

  /**
   * Returns when the part file is whole.
   *
   * @throws DataException if the server, the network or the disk refuses; the part file is kept
   * @throws StoppedException if {@code stop} becomes true; the part file is kept
   */
  void run() {
    long mark = resumable();
    int failures = 0;
    while (!isWhole()) {
      try {
        inBackground();
      } catch (Transfer.TooLarge e) {
        part.delete();
        throw refused(reason(e), e);
      } catch (Refusal | UnknownHostException | SSLHandshakeException e) {
        throw refused(reason(e), e);
      } catch (IOException e) {
        // Attempts that got farther than all before them show that going on makes sense.
        boolean isForward = part.length() - mark >= limits.leastBytes();
        failures = isForward ? 1 : failures + 1;
        mark = isForward ? part.length() : mark;
        if (failures == ATTEMPTS) {
          throw refused(reason(e) + ", after %d attempts".formatted(ATTEMPTS), e);
        }
        LOG.log(Level.WARNING, "download=retry bytes={0} reason=\"{1}\"", part.length(), reason(e));
        pause(limits.firstPause().toMillis() << (failures - 1));
      }
    }
  }

  private boolean isWhole() {
    return part.isWhole() && part.origin().isOf(url);
  }

  /** Bytes that a next attempt may keep. */
  private long resumable() {
    DownloadOrigin origin = part.origin();
    return origin.isOf(url) && (checked || !origin.validator().isEmpty()) ? part.length() : 0;
  }

  private void inBackground() throws IOException {
    Transfer transfer = new Transfer(url, resumable(), part, progress, limits.maxBytes());
    FutureTask<Void> attempt = new FutureTask<>(transfer);
    Thread thread = new Thread(attempt, "download");
    thread.setDaemon(true);
    thread.start();
    try {
      await(attempt, transfer);
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw stopped();
    } finally {
      transfer.abandon();
    }
  }

  private void await(FutureTask<Void> attempt, Transfer transfer)
      throws IOException, ExecutionException, InterruptedException {
    long since = System.nanoTime();
    long before = 0;
    while (!stop.getAsBoolean()) {
      try {
        attempt.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        // Look at the clock and at stop again.
      }
      if (System.nanoTime() - since > limits.window().toNanos()) {
        if (transfer.received() - before < limits.leastBytes()) {
          throw new IOException(
              "fewer than %d bytes in %d s"
                  .formatted(limits.leastBytes(), limits.window().toSeconds()));
        }
        since = System.nanoTime();
        before = transfer.received();
      }
    }
    throw stopped();
  }

  private IOException unwrapped(ExecutionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof IOException network) {
      return network;
    }
    if (cause instanceof DataException disk) {
      throw disk;
    }
    throw new IllegalStateException("the download failed", cause);
  }

  private void pause(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < end) {
      if (stop.getAsBoolean()) {
        throw stopped();
      }
      try {
        Thread.sleep(Math.min(LOOK_MILLIS, millis));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw stopped();
      }
    }
  }

  private StoppedException stopped() {
    return new StoppedException(
        "Download stopped with %d bytes in %s; the same command continues"
            .formatted(part.length(), part.path()));
  }

  private DataException refused(String reason, Throwable cause) {
    return new DataException(
        "Cannot download %s: %s. Try again (%d bytes are kept), name a mirror with --url, or"
                .formatted(url, reason, part.length())
            + " download it where there is internet (a login node) and put it, packed or unpacked,"
            + " into %s".formatted(part.path().toAbsolutePath().getParent()),
        cause);
  }

  private static String reason(IOException e) {
    if (e instanceof UnknownHostException) {
      return "unknown host " + e.getMessage();
    }
    if (e instanceof SocketTimeoutException) {
      return "no answer in time";
    }
    return e instanceof ConnectException ? "connection refused" : Reason.of(e);
  }
}
