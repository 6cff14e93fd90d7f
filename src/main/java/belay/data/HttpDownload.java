package belay.data;

import belay.error.DataException;
import belay.error.StoppedException;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
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
  private static final int BUFFER_BYTES = 1 << 16;
  private static final long LOOK_MILLIS = 100;
  private static final long REPORT_NANOS = 200_000_000;

  private final URI url;
  private final PartFile part;
  private final boolean checked;
  private final TransferProgress progress;
  private final BooleanSupplier stop;
  private final Duration firstPause;
  private volatile boolean abandoned;

  /**
   * @param checked a checksum will be compared afterwards, so that a server which offers no
   *     validator may be trusted to continue
   * @param firstPause between the first two attempts; doubled for each further one
   */
  HttpDownload(
      URI url,
      PartFile part,
      boolean checked,
      TransferProgress progress,
      BooleanSupplier stop,
      Duration firstPause) {
    this.url = url;
    this.part = part;
    this.checked = checked;
    this.progress = progress;
    this.stop = stop;
    this.firstPause = firstPause;
  }

  /**
   * Returns when the part file is whole.
   *
   * @throws DataException if the server, the network or the disk refuses; the part file is kept
   * @throws StoppedException if {@code stop} becomes true; the part file is kept
   */
  void run() {
    long farthest = resumable();
    int failures = 0;
    while (!isWhole()) {
      try {
        inBackground();
      } catch (Refusal | UnknownHostException | SSLHandshakeException e) {
        throw refused(reason(e), e);
      } catch (IOException e) {
        // An attempt that got farther than all before it shows that going on makes sense.
        failures = part.length() > farthest ? 1 : failures + 1;
        farthest = Math.max(farthest, part.length());
        if (failures == ATTEMPTS) {
          throw refused(reason(e) + ", after %d attempts".formatted(ATTEMPTS), e);
        }
        LOG.log(Level.WARNING, "download=retry bytes={0} reason=\"{1}\"", part.length(), reason(e));
        pause(firstPause.toMillis() << (failures - 1));
      }
    }
  }

  private boolean isWhole() {
    return part.isWhole() && part.origin().isOf(url);
  }

  /** Bytes that a next attempt may keep. */
  private long resumable() {
    Origin origin = part.origin();
    return origin.isOf(url) && (checked || !origin.validator().isEmpty()) ? part.length() : 0;
  }

  /** A read cannot be interrupted, so it happens on a thread that may be left behind. */
  private void inBackground() throws IOException {
    FutureTask<Void> attempt =
        new FutureTask<>(
            () -> {
              attempt();
              return null;
            });
    Thread thread = new Thread(attempt, "download");
    thread.setDaemon(true);
    thread.start();
    while (true) {
      if (stop.getAsBoolean()) {
        abandoned = true;
        settle(attempt);
        throw stopped();
      }
      try {
        attempt.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        // Look at stop again.
      } catch (InterruptedException e) {
        abandoned = true;
        Thread.currentThread().interrupt();
        throw stopped();
      } catch (ExecutionException e) {
        throw unwrapped(e);
      }
    }
  }

  private void attempt() throws IOException {
    long known = resumable();
    try (HttpResponse response = HttpResponse.get(url, known, part.origin().validator())) {
      Origin origin = new Origin(url.toString(), response.validator(), response.total());
      try (PartFile.Sink sink = part.open(response.offset(), origin)) {
        long length = copy(response, sink);
        if (abandoned) {
          return;
        }
        if (response.total() < 0) {
          // Only the end of the stream tells how long the file is.
          sink.note(new Origin(url.toString(), response.validator(), length));
        } else if (length != response.total()) {
          throw new EOFException(
              "connection closed after %d of %d bytes".formatted(length, response.total()));
        }
      }
    }
  }

  private long copy(HttpResponse response, PartFile.Sink sink) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long length = response.offset();
    long reported = System.nanoTime();
    progress.at(length, response.total());
    for (int n = response.body().read(buffer); n >= 0 && !abandoned; ) {
      sink.write(buffer, n);
      length += n;
      if (System.nanoTime() - reported > REPORT_NANOS) {
        reported = System.nanoTime();
        progress.at(length, response.total());
      }
      n = response.body().read(buffer);
    }
    progress.at(length, response.total());
    return length;
  }

  private static void settle(FutureTask<Void> attempt) {
    try {
      attempt.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // The bytes so far are on disk; nothing else is lost.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
