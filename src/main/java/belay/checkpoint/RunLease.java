package belay.checkpoint;

import belay.checkpoint.LeaseFiles.Standing;
import belay.error.BusyException;
import belay.error.DataException;
import belay.storage.DiskProblem;
import belay.storage.Fence;
import belay.storage.UnfitFileException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The right to write into a run directory; one process has it at a time. It needs no file locks,
 * which many shared file systems lack or only pretend to have.
 *
 * <p>The owner is whoever created the lease file with the highest number, and shows by a counter in
 * that file, the heartbeat, that it lives. Of an owner on the same machine the process table tells
 * at once whether it lives; any other is dead when its file has stayed the same for a while by the
 * clock of the one who looks, so clocks need not agree. Who takes over creates the next number,
 * which only one can, and deletes the old lease, which an owner that was only asleep notices before
 * it writes anything ({@link #check}). A lease that is only missing, as while somebody moves the
 * directory, is not lost: its owner keeps back what it would write, for as long as others would
 * wait for its heartbeat.
 *
 * <p>Between an owner's check and its rename there remains a moment in which it may be stopped and
 * overtaken. Every file of a run is whole, and a function of the run alone, so that the late rename
 * can only put the same content there again.
 */
public final class RunLease implements Fence, AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(100);

  /**
   * However patient others are with this process: what it does meanwhile must not hang for ever.
   */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final LeaseFiles files;
  private final int number;
  private final Lease lease;
  private final Duration staleAfter;
  private final Heartbeat heartbeat;
  private volatile boolean closed;

  private RunLease(LeaseFiles files, int number, Lease lease, Duration staleAfter)
      throws IOException {
    this.files = files;
    this.number = number;
    this.lease = lease;
    this.staleAfter = staleAfter;
    heartbeat = new Heartbeat(files, number, lease, staleAfter);
  }

  /**
   * How the owner shows that it lives, and how long others wait for that.
   *
   * @param heartbeat between two heartbeats
   * @param staleAfter silence after which an owner on another machine counts as dead; where the
   *     owner's own heartbeat is slower, three of those
   */
  public record Timing(Duration heartbeat, Duration staleAfter) {
    public static final Timing USUAL = new Timing(Duration.ofSeconds(5), Duration.ofSeconds(15));
  }

  /**
   * Takes the run directory, at once if it is free, and after {@code staleAfter} if its owner on
   * another machine shows no sign of life.
   *
   * @param run an existing run directory
   * @param work what the owner is about to do, for the messages of those who are refused: "train,
   *     slurm job 4711"
   * @throws BusyException if a living process has it
   * @throws belay.error.StoppedException if asked to stop while waiting
   * @throws belay.error.DataException if the directory cannot be written
   */
  public static RunLease acquire(Path run, String work, Timing timing, BooleanSupplier stop) {
    return acquire(run, work, timing, stop, LeaseOwner.self());
  }

  static RunLease acquire(
      Path run, String work, Timing timing, BooleanSupplier stop, LeaseOwner self) {
    LeaseFiles files = new LeaseFiles(run);
    try {
      LeaseClaim claim = new LeaseClaim(files, run, timing, stop, self);
      Lease lease = claim.draft(work);
      return new RunLease(files, claim.win(lease), lease, timing.staleAfter());
    } catch (UnfitFileException e) {
      throw new DataException(
          "%s: %s, for a lease. If no process works on the run, delete it, or let belay repair %s set it aside."
              .formatted(run, e.getReason(), run),
          e);
    } catch (IOException e) {
      throw DiskProblem.of("take the run directory", run, e);
    }
  }

  @Override
  public void check() throws IOException {
    if (closed) {
      throw new IllegalStateException("The lease was given back before the last write");
    }
    if (heartbeat.lost() || !stands()) {
      throw new BusyException(loss());
    }
  }

  /** Whether the lease is ours; waits while it is only missing. */
  private boolean stands() throws IOException {
    Standing standing = files.standing(number, lease.token());
    Duration waited = Duration.ZERO;
    while (standing == Standing.MISSING && waited.compareTo(staleAfter) < 0) {
      if (waited.compareTo(LONGEST_WAIT) >= 0) {
        throw new IOException("the lease " + files.path(number) + " is missing");
      }
      pause();
      waited = waited.plus(LOOK);
      standing = files.standing(number, lease.token());
    }
    return standing == Standing.OURS;
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(LOOK.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the lease was missing");
    }
  }

  private String loss() {
    String taker =
        taker()
            .map(other -> "to " + other)
            .orElse("because its lease " + files.path(number).getFileName() + " was removed");
    return "Lost the run directory "
        + files.path(number).getParent()
        + " "
        + taker
        + ". This process showed no sign of life for too long, and has stopped without writing.";
  }

  private Optional<Lease> taker() {
    try {
      return files.read(files.highest()).flatMap(Lease::parse);
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** Ends the heartbeat and marks the lease as released, for the next process to begin at once. */
  @Override
  public void close() {
    closed = true;
    heartbeat.close();
  }
}
