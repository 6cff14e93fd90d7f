package belay.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Who has a run directory, seen from outside and without waiting.
 *
 * @param description host, process, user and work
 * @param heartbeat age of the last sign of life by the clock of this machine and the file system's
 * @param lives whether the process is at work: certain for one of this machine, and by its
 *     heartbeat for another
 */
public record RunOwner(String description, Duration heartbeat, boolean lives) {
  /** Heartbeats that a busy file system may show late. */
  private static final int MISSED = 4;

  /**
   * The present owner; empty if the run is free, and where nobody could tell.
   *
   * @param run a run directory, which need not exist
   */
  public static Optional<RunOwner> of(Path run) {
    LeaseFiles files = new LeaseFiles(run);
    try {
      int highest = files.highest();
      Optional<Lease> lease = files.read(highest).flatMap(Lease::parse);
      if (lease.isEmpty() || lease.get().released() != null) {
        return Optional.empty();
      }
      Instant beat = Files.getLastModifiedTime(files.path(highest)).toInstant();
      return Optional.of(of(lease.get(), Duration.between(beat, Instant.now())));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** When it last showed that it lives. */
  public Instant lastSign() {
    return Instant.now().minus(heartbeat);
  }

  private static RunOwner of(Lease lease, Duration silence) {
    boolean here = LeaseOwner.self().sees(lease.owner());
    boolean lives =
        here ? lease.owner().lives() : silence.toMillis() < MISSED * 1000 * lease.intervalSeconds();
    return new RunOwner(lease.toString(), silence.isNegative() ? Duration.ZERO : silence, lives);
  }
}
