package belay.checkpoint;

import belay.error.BusyException;
import belay.error.StoppedException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** One process's attempt to become the owner of a run directory. */
final class LeaseClaim {
  private static final Logger LOG = System.getLogger("belay.lease");

  /** However slow an owner says its heartbeat is. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private static final Duration LONGEST_LOOK = Duration.ofMillis(250);

  private final LeaseFiles files;
  private final Path run;
  private final RunLease.Timing timing;
  private final BooleanSupplier stop;
  private final LeaseOwner self;

  LeaseClaim(
      LeaseFiles files, Path run, RunLease.Timing timing, BooleanSupplier stop, LeaseOwner self) {
    this.files = files;
    this.run = run;
    this.timing = timing;
    this.stop = stop;
    this.self = self;
  }

  /** The lease that this process would like to have. */
  Lease draft(String work) {
    double interval = timing.heartbeat().toMillis() / 1000.0;
    String token = UUID.randomUUID().toString();
    return new Lease(token, self, work, Instant.now(), interval, 0, null);
  }

  /**
   * @return the number under which the draft became the lease
   */
  int win(Lease draft) throws IOException {
    while (true) {
      int highest = files.highest();
      if (isFree(highest) && create(files.next(highest), draft)) {
        files.deleteBelow(highest + 1);
        return highest + 1;
      }
    }
  }

  boolean create(int number, Lease draft) throws IOException {
    if (!files.create(number, draft.token(), draft.text())) {
      return false;
    }
    if (files.highest() > number) {
      // While this process slept, others took the number, passed it on and removed it.
      files.delete(number);
      return false;
    }
    return true;
  }

  /** Waits as {@link #win} would for an owner that shows no sign of life, and takes nothing. */
  void await(int number) throws IOException {
    while (!isFree(number)) {
      if (files.read(number).isEmpty()) {
        return;
      }
    }
  }

  /**
   * Returns true if the lease with that number binds nobody, false if things have changed and must
   * be looked at again.
   */
  private boolean isFree(int number) throws IOException {
    if (number == 0) {
      return true;
    }
    Optional<String> text = files.read(number);
    if (text.isEmpty()) {
      return false;
    }
    Optional<Lease> lease = Lease.parse(text.get());
    if (lease.isPresent() && lease.get().released() != null) {
      return true;
    }
    if (lease.isPresent() && self.sees(lease.get().owner())) {
      return isGone(number, lease.get());
    }
    return staysSilent(number, text.get(), lease);
  }

  private boolean isGone(int number, Lease lease) {
    if (lease.owner().lives()) {
      throw new BusyException(refusal(number, lease));
    }
    LOG.log(Level.INFO, "lease=abandoned owner=\"{0}\" reason=\"process is gone\"", lease);
    return true;
  }

  /** Counts looks, not seconds: if this process sleeps, the owner may have slept with it. */
  private boolean staysSilent(int number, String text, Optional<Lease> lease) throws IOException {
    Duration wait = patience(lease);
    Duration look =
        wait.dividedBy(10).compareTo(LONGEST_LOOK) < 0 ? wait.dividedBy(10) : LONGEST_LOOK;
    String owner = lease.map(Lease::toString).orElse("an unreadable lease");
    LOG.log(Level.INFO, "lease=watching owner=\"{0}\" seconds={1}", owner, wait.toMillis() / 1e3);
    for (Duration waited = Duration.ZERO; waited.compareTo(wait) < 0; waited = waited.plus(look)) {
      pause(look);
      Optional<String> now = files.read(number);
      if (!now.equals(Optional.of(text))) {
        return lookAgain(number, lease, now);
      }
    }
    LOG.log(Level.WARNING, "lease=abandoned owner=\"{0}\" reason=\"silent\"", owner);
    return true;
  }

  /** A heartbeat refuses; a lease that was only completed or released must be judged anew. */
  private boolean lookAgain(int number, Optional<Lease> before, Optional<String> text) {
    Optional<Lease> now = text.flatMap(Lease::parse);
    if (before.isPresent() && now.isPresent() && now.get().released() == null) {
      throw new BusyException(refusal(number, now.get()));
    }
    return false;
  }

  private Duration patience(Optional<Lease> lease) {
    double interval = lease.map(Lease::intervalSeconds).orElse(0.0);
    double slow = Math.min(3 * interval, LONGEST_WAIT.toSeconds());
    return Duration.ofMillis(Math.max(timing.staleAfter().toMillis(), Math.round(1000 * slow)));
  }

  private void pause(Duration look) {
    if (stop.getAsBoolean()) {
      throw new StoppedException("Stopped while waiting for the run directory " + run + ".");
    }
    try {
      Thread.sleep(look.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoppedException("Interrupted while waiting for the run directory " + run + ".");
    }
  }

  private String refusal(int number, Lease lease) {
    return "The run directory "
        + run
        + " is in use by "
        + lease
        + ". Wait for it to end or stop it (scancel, oardel, kill); only if that host is known to"
        + " be gone, delete "
        + files.path(number)
        + ".";
  }
}
