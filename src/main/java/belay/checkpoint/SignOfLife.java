package belay.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a single look at a run's lease tells about its owner, for those who only read: unlike a
 * claim it waits for nothing and binds nobody.
 *
 * @param isOwned whether a process is at work on the run, as far as one can tell: exact on its own
 *     machine, elsewhere by the age of its last heartbeat
 * @param last heartbeat, by the file system's clock
 */
public record SignOfLife(boolean isOwned, Instant last) {
  private static final Duration PATIENCE = Duration.ofSeconds(60); // clocks need not agree

  /** Empty if nobody ever owned the run, or if the lease is gone by the time it is read. */
  static Optional<SignOfLife> of(Path run) throws IOException {
    LeaseFiles files = new LeaseFiles(run);
    int highest = files.highest();
    if (highest == 0) {
      return Optional.empty();
    }
    try {
      Instant last = Files.getLastModifiedTime(files.path(highest)).toInstant();
      Optional<Lease> lease = files.read(highest).flatMap(Lease::parse);
      return Optional.of(new SignOfLife(isOwned(lease, last), last));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static boolean isOwned(Optional<Lease> lease, Instant last) {
    if (lease.isPresent() && lease.get().released() != null) {
      return false;
    }
    LeaseOwner self = LeaseOwner.self();
    if (lease.isPresent() && self.sees(lease.get().owner())) {
      return lease.get().owner().lives();
    }
    long slow = lease.map(l -> Math.round(3000 * l.intervalSeconds())).orElse(0L);
    Duration patience = Duration.ofMillis(Math.max(PATIENCE.toMillis(), slow));
    return last.plus(patience).isAfter(Instant.now());
  }
}
