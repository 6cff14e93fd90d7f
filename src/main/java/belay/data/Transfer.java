package belay.data;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Callable;

/**
 * One attempt to bring the rest of a file to disk. A read can neither be interrupted nor closed by
 * another thread, so that it happens on one that may be left behind, and then writes no more.
 */
final class Transfer implements Callable<Void> {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final long REPORT_NANOS = 200_000_000;

  private final URI url;
  private final long known;
  private final PartFile part;
  private final TransferProgress progress;
  private final long maxBytes;
  private volatile long received;
  private boolean abandoned;
  private PartFile.Sink sink;

  /**
   * @param known bytes of the part file that need not come again
   * @param maxBytes that the file may have
   */
  Transfer(URI url, long known, PartFile part, TransferProgress progress, long maxBytes) {
    this.url = url;
    this.known = known;
    this.part = part;
    this.progress = progress;
    this.maxBytes = maxBytes;
  }

  /** A server's offer of which nothing is worth keeping. */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;

    TooLarge(String message) {
      super(message);
    }
  }

  /** Bytes so far. */
  long received() {
    return received;
  }

  /** Keeps what has come; another attempt may write into the part file from now on. */
  synchronized void abandon() {
    abandoned = true;
    if (sink != null) {
      sink.close();
    }
    sink = null;
  }

  @Override
  public Void call() throws IOException {
    try (HttpResponse response = HttpResponse.get(url, known, part.origin().validator())) {
      checkSize(response.total());
      DownloadOrigin origin =
          new DownloadOrigin(url.toString(), response.validator(), response.total());
      open(response.offset(), origin);
      long length = copy(response);
      if (response.total() < 0) {
        // Only the end of the stream tells how long the file is.
        note(new DownloadOrigin(url.toString(), response.validator(), length));
      } else if (length != response.total()) {
        throw new EOFException(
            "connection closed after %d of %d bytes".formatted(length, response.total()));
      }
      return null;
    }
  }

  private long copy(HttpResponse response) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long length = response.offset();
    long reported = System.nanoTime();
    progress.at(length, response.total());
    for (int n = response.body().read(buffer); n >= 0; n = response.body().read(buffer)) {
      length += n;
      checkSize(length);
      write(buffer, n);
      received += n;
      if (System.nanoTime() - reported > REPORT_NANOS) {
        reported = System.nanoTime();
        progress.at(length, response.total());
      }
    }
    progress.at(length, response.total());
    return length;
  }

  private void checkSize(long bytes) throws TooLarge {
    if (bytes > maxBytes) {
      throw new TooLarge(
          "it has %d bytes or more, and no data set has more than %d".formatted(bytes, maxBytes));
    }
  }

  private synchronized void open(long offset, DownloadOrigin origin) throws IOException {
    requireWanted();
    sink = part.open(offset, origin);
  }

  private synchronized void write(byte[] bytes, int count) throws IOException {
    requireWanted();
    sink.write(bytes, count);
  }

  private synchronized void note(DownloadOrigin origin) throws IOException {
    requireWanted();
    sink.note(origin);
  }

  private void requireWanted() throws IOException {
    if (abandoned) {
      throw new IOException("the download was given up");
    }
  }
}
