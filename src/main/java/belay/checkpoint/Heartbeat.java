package belay.checkpoint;

import belay.checkpoint.LeaseFiles.Standing;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/**
 * Rewrites a lease in place until it is closed or lost, in a daemon thread. Through one open file:
 * the name may belong to nobody by now, but never this file to anybody else. So it goes on while
 * the name is missing, as it is while somebody moves the run directory, or a network file system is
 * out of order.
 */
final class Heartbeat implements AutoCloseable {
  private static final Logger LOG = System.getLogger("belay.lease");

  private final LeaseFiles files;
  private final int number;
  private final Duration staleAfter;
  private final FileChannel channel;
  private final Thread thread = new Thread(this::run, "belay-heartbeat");
  private Lease lease;
  private Duration missing = Duration.ZERO;
  private boolean closed;
  private volatile boolean lost;
  private boolean failing;

  /**
   * @param staleAfter how long the lease may be missing before it counts as lost
   */
  Heartbeat(LeaseFiles files, int number, Lease lease, Duration staleAfter) throws IOException {
    this.files = files;
    this.number = number;
    this.lease = lease;
    this.staleAfter = staleAfter;
    channel = files.open(number);
    thread.setDaemon(true);
    thread.start();
  }

  private synchronized void run() {
    try {
      while (!closed && !lost) {
        wait(interval().toMillis());
        if (!closed) {
          beat();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A failure is no end: the file system may come back before anybody misses the heartbeat. */
  private void beat() {
    try {
      lost = isLost();
      if (lost) {
        LOG.log(Level.WARNING, "lease=lost file={0}", files.path(number));
        return;
      }
      lease = lease.next();
      write();
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        LOG.log(Level.WARNING, "lease=unwritable file={0} reason={1}", files.path(number), e);
      }
      failing = true;
    }
  }

  /** Counts looks, not seconds: a process that slept has not looked. */
  private boolean isLost() throws IOException {
    Standing standing = files.standing(number, lease.token());
    missing = standing == Standing.MISSING ? missing.plus(interval()) : Duration.ZERO;
    return standing == Standing.LOST || missing.compareTo(staleAfter) > 0;
  }

  private Duration interval() {
    return Duration.ofMillis(Math.max(1, Math.round(lease.intervalSeconds() * 1000)));
  }

  /** Whether the run belongs to another process by now, or to nobody. */
  boolean lost() {
    return lost;
  }

  /** The text never gets shorter, so that nothing of an older one stays behind it. */
  private void write() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(lease.text().getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes, bytes.position());
    }
    // A network file system keeps to itself what is not forced.
    channel.force(false);
  }

  @Override
  public synchronized void close() {
    try (channel) {
      if (!closed && !lost) {
        closed = true;
        notifyAll();
        lease = lease.release(Instant.now());
        write();
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "lease=unreleased file={0} reason={1}", files.path(number), e);
    }
  }
}
